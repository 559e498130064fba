using Dify.Core.Accounts;
using Dify.Core.Storage;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Chat;

/// <summary>A member who started a run.</summary>
public sealed record RunMember(Guid Id, string Name, string Email);

/// <summary>Tells who started runs: a run names an end user or a member by id.</summary>
public sealed class RunCreators(IDbContextFactory<DifyDbContext> contexts)
{
    /// <summary>The end users and members behind runs of one workspace, by the text of their id; who is gone is left out.</summary>
    public async Task<(IReadOnlyDictionary<string, EndUser> EndUsers, IReadOnlyDictionary<string, RunMember> Members)> FindAsync(
        Guid workspaceId, IReadOnlyCollection<WorkflowRun> runs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var ids = runs.Select(run => Guid.TryParse(run.UserId, out var id) ? id : Guid.Empty).Distinct().ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var endUsers = await db.EndUsers.AsNoTracking().Where(user => user.WorkspaceId == workspaceId && ids.Contains(user.Id))
            .ToListAsync(cancellationToken);
        var (membership, accounts) = (db.Members, db.Accounts);
        var members = await membership.Where(member => member.WorkspaceId == workspaceId && ids.Contains(member.AccountId))
            .Join(accounts, member => member.AccountId, account => account.Id,
                (_, account) => new RunMember(account.Id, account.Name, account.Email!))
            .ToListAsync(cancellationToken);
        return (endUsers.ToDictionary(user => user.Id.ToString()), members.ToDictionary(member => member.Id.ToString()));
    }

    /// <summary>The member of a workspace with this e-mail address; null when there is none.</summary>
    public async Task<RunMember?> FindMemberAsync(Guid workspaceId, string email, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(email);
        var wanted = email.Trim().ToUpperInvariant();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (members, accounts) = (db.Members, db.Accounts);
        return await members.Where(member => member.WorkspaceId == workspaceId)
            .Join(accounts.Where(account => account.NormalizedEmail == wanted), member => member.AccountId, account => account.Id,
                (_, account) => new RunMember(account.Id, account.Name, account.Email!))
            .FirstOrDefaultAsync(cancellationToken);
    }
}
