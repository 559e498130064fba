using Dify.Core.Common;
using Dify.Core.Workspaces;
using Xunit;

namespace Dify.Tests.Workspaces;

public sealed class PermissionMatrixTests
{
    // O owner, A admin, E editor, N normal, D dataset operator.
    private static readonly Dictionary<Permission, string> Expected = new()
    {
        [Permission.UsePublishedApps] = "OAEND",
        [Permission.EditApps] = "OAE",
        [Permission.CreateKnowledgeBases] = "OAED",
        [Permission.UseKnowledgeBases] = "OAEND",
        [Permission.EditKnowledgeSettings] = "OAE",
        [Permission.ManageModels] = "OA",
        [Permission.ManageMembers] = "OA",
        [Permission.ManageApiKeys] = "OAE",
        [Permission.ViewMonitoring] = "OAE",
        [Permission.EditWorkspace] = "OA",
        [Permission.TransferOwnership] = "O",
    };

    public static TheoryData<Role, Permission> Cells { get; } =
        [.. from role in Enum.GetValues<Role>() from permission in Enum.GetValues<Permission>() select (role, permission)];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Each_role_may_do_what_the_matrix_says_and_nothing_else(Role role, Permission permission)
    {
        var expected = Expected[permission].Contains(role.ToString()[0], StringComparison.Ordinal);
        var actor = new Actor(Guid.CreateVersion7(), Guid.CreateVersion7(), role);
        Assert.Equal(expected, actor.Can(permission));
        var failure = Record.Exception(() => actor.Require(permission)) as DifyException;
        Assert.Equal(expected ? null : 403, failure?.Status);
    }
}
