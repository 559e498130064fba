using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Workspaces.Members;

/// <summary>
/// Who belongs to a workspace. There is exactly one owner, whom nobody changes or removes; nobody is made owner here.
/// A changed role or a removal counts with the member's next action.
/// </summary>
public sealed partial class MemberService(IDbContextFactory<DifyDbContext> contexts, ILogger<MemberService> logger)
{
    /// <summary>Every member, the owner first, then by name. Any member may see the list.</summary>
    public async Task<IReadOnlyList<MemberView>> ListAsync(Actor actor, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.UsePublishedApps);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var accounts = db.Accounts;
        return await db.Members.AsNoTracking()
            .Where(m => m.WorkspaceId == actor.WorkspaceId)
            .Join(accounts, m => m.AccountId, a => a.Id, (m, a) => new { m, a })
            .OrderBy(row => row.m.Role == Role.Owner ? 0 : 1).ThenBy(row => row.a.Name).ThenBy(row => row.a.Id)
            .Select(row => new MemberView(
                row.a.Id, row.a.Name, row.a.Email!, row.m.Role, row.a.LastLoginAt, row.m.JoinedAt))
            .ToListAsync(cancellationToken);
    }

    /// <exception cref="DifyException">
    /// 403 without the right, for the owner's row or for <see cref="Role.Owner"/> as the new role; 400 for oneself;
    /// 404 when there is no such member.
    /// </exception>
    public async Task ChangeRoleAsync(Actor actor, Guid accountId, Role role, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.ManageMembers);
        RequireGrantable(role);
        await RequireChangeableAsync(actor, accountId, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var changed = await db.Members
            .Where(m => m.WorkspaceId == actor.WorkspaceId && m.AccountId == accountId && m.Role != Role.Owner)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Role, role), cancellationToken);
        if (changed == 0)
        {
            throw NoSuchMember();
        }

        LogRoleChanged(actor.AccountId, accountId, role);
    }

    /// <summary>Takes the member out of the workspace; what the member made stays.</summary>
    /// <exception cref="DifyException">As for <see cref="ChangeRoleAsync"/>.</exception>
    public async Task RemoveAsync(Actor actor, Guid accountId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.ManageMembers);
        await RequireChangeableAsync(actor, accountId, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var removed = await db.Members
            .Where(m => m.WorkspaceId == actor.WorkspaceId && m.AccountId == accountId && m.Role != Role.Owner)
            .ExecuteDeleteAsync(cancellationToken);
        if (removed == 0)
        {
            throw NoSuchMember();
        }

        LogRemoved(actor.AccountId, accountId);
    }

    /// <exception cref="DifyException">403 for the owner's role, 400 for a number that is no role.</exception>
    internal static void RequireGrantable(Role role)
    {
        if (role == Role.Owner)
        {
            throw new DifyException(
                ErrorCodes.OwnerImmutable, "A workspace has one owner. Choose another role.", 403);
        }

        if (!Enum.IsDefined(role))
        {
            throw DifyException.Invalid("Choose one of the roles admin, editor, normal and dataset_operator.");
        }
    }

    private async Task RequireChangeableAsync(Actor actor, Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var role = await db.Members.AsNoTracking()
            .Where(m => m.WorkspaceId == actor.WorkspaceId && m.AccountId == accountId)
            .Select(m => (Role?)m.Role).FirstOrDefaultAsync(cancellationToken) ?? throw NoSuchMember();
        if (role == Role.Owner)
        {
            throw new DifyException(ErrorCodes.OwnerImmutable, "The owner of a workspace cannot be changed or removed.", 403);
        }

        if (accountId == actor.AccountId)
        {
            throw new DifyException(
                ErrorCodes.CannotOperateSelf, "You cannot change or remove yourself. Ask another admin or the owner.");
        }
    }

    private static DifyException NoSuchMember() => DifyException.NotFound("There is no such member in this workspace.");

    [LoggerMessage(LogLevel.Information, "Account {ActorId} gave member {AccountId} the role {Role}")]
    private partial void LogRoleChanged(Guid actorId, Guid accountId, Role role);

    [LoggerMessage(LogLevel.Information, "Account {ActorId} removed member {AccountId}")]
    private partial void LogRemoved(Guid actorId, Guid accountId);
}
