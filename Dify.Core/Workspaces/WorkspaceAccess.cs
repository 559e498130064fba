using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workspaces;

/// <summary>Turns a signed-in account into an <see cref="Actor"/>, reading the role from the store each time.</summary>
public sealed class WorkspaceAccess(IDbContextFactory<DifyDbContext> contexts)
{
    /// <param name="accountId">The signed-in account.</param>
    /// <param name="workspaceId">The chosen workspace, or null for the first one that the account joined.</param>
    /// <exception cref="DifyException">403 <c>forbidden</c> when the account is not, or no longer, a member.</exception>
    public async Task<Actor> GetActorAsync(
        Guid accountId, Guid? workspaceId = null, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var accounts = db.Accounts;
        var member = await db.Members.AsNoTracking()
            .Where(m => m.AccountId == accountId && (workspaceId == null || m.WorkspaceId == workspaceId))
            .Where(m => accounts.Any(a => a.Id == m.AccountId && a.Status == AccountStatus.Active))
            .OrderBy(m => m.JoinedAt)
            .FirstOrDefaultAsync(cancellationToken)
            ?? throw DifyException.Forbidden("You are not a member of this workspace. Ask an admin to invite you.");
        return new Actor(member.WorkspaceId, member.AccountId, member.Role);
    }

    /// <summary>Display names of accounts; of those that are gone there is none.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> GetNamesAsync(
        IReadOnlyCollection<Guid> accountIds, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AsNoTracking().Where(account => accountIds.Contains(account.Id))
            .ToDictionaryAsync(account => account.Id, account => account.Name, cancellationToken);
    }

    public async Task<MemberProfile> GetProfileAsync(Actor actor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (accounts, workspaces) = (db.Accounts, db.Workspaces);
        var names = await (
            from account in accounts
            from workspace in workspaces
            where account.Id == actor.AccountId && workspace.Id == actor.WorkspaceId
            select new { account.Name, account.Email, Workspace = workspace.Name }).SingleAsync(cancellationToken);
        return new MemberProfile(names.Name, names.Email ?? "", names.Workspace, actor.Role);
    }
}
