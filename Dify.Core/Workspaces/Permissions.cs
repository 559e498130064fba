using System.Collections.Frozen;

namespace Dify.Core.Workspaces;

/// <summary>The permission matrix: one row an ability, the roles that have it.</summary>
public static class Permissions
{
    private static readonly FrozenDictionary<Permission, Role[]> Matrix = new Dictionary<Permission, Role[]>
    {
        [Permission.UsePublishedApps] = [Role.Owner, Role.Admin, Role.Editor, Role.Normal, Role.DatasetOperator],
        [Permission.EditApps] = [Role.Owner, Role.Admin, Role.Editor],
        [Permission.CreateKnowledgeBases] = [Role.Owner, Role.Admin, Role.Editor, Role.DatasetOperator],
        [Permission.UseKnowledgeBases] = [Role.Owner, Role.Admin, Role.Editor, Role.Normal, Role.DatasetOperator],
        [Permission.EditKnowledgeSettings] = [Role.Owner, Role.Admin, Role.Editor],
        [Permission.ManageModels] = [Role.Owner, Role.Admin],
        [Permission.ManageMembers] = [Role.Owner, Role.Admin],
        [Permission.ManageApiKeys] = [Role.Owner, Role.Admin, Role.Editor],
        [Permission.ViewMonitoring] = [Role.Owner, Role.Admin, Role.Editor],
        [Permission.EditWorkspace] = [Role.Owner, Role.Admin],
        [Permission.TransferOwnership] = [Role.Owner],
    }.ToFrozenDictionary();

    public static bool Allows(this Role role, Permission permission) => Matrix[permission].Contains(role);
}
