using Dify.Core.Common;

namespace Dify.Core.Workspaces;

/// <summary>
/// Who calls a service: an account in a workspace with the role it has at this moment. Made by
/// <see cref="WorkspaceAccess"/> only, once a request or page action. Every service that a member can reach takes
/// one, checks it first, and uses <see cref="WorkspaceId"/> in every query.
/// </summary>
public sealed record Actor(Guid WorkspaceId, Guid AccountId, Role Role)
{
    public bool Can(Permission permission) => Role.Allows(permission);

    /// <exception cref="DifyException">403 <c>forbidden</c>.</exception>
    public void Require(Permission permission)
    {
        if (!Can(permission))
        {
            throw DifyException.Forbidden("Your role in this workspace does not allow this. Ask an admin.");
        }
    }
}
