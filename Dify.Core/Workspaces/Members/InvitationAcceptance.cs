using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workspaces.Members;

/// <summary>The invited person's side: look at the invitation, then accept it once.</summary>
public sealed class InvitationAcceptance
{
    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly NewAccount _newAccount;
    private readonly TimeProvider _time;

    internal InvitationAcceptance(IDbContextFactory<DifyDbContext> contexts, NewAccount newAccount, TimeProvider time) =>
        (_contexts, _newAccount, _time) = (contexts, newAccount, time);

    /// <summary>Never throws for a wrong token: it says that the link is unknown or expired.</summary>
    public async Task<InvitationView> LookAsync(string? token, CancellationToken cancellationToken = default)
    {
        if (token is not { Length: > 0 and <= 128 })
        {
            return new InvitationView(InvitationState.Unknown);
        }

        var hash = SecretText.Hash(token);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var (workspaces, accounts) = (db.Workspaces, db.Accounts);
        var found = await db.Invitations.AsNoTracking()
            .Where(i => i.TokenHash == hash && i.AcceptedAt == null)
            .Select(i => new
            {
                i.Email,
                i.Role,
                i.ExpiresAt,
                i.WorkspaceId,
                Workspace = workspaces.Where(w => w.Id == i.WorkspaceId).Select(w => w.Name).First(),
                Inviter = accounts.Where(a => a.Id == i.InvitedBy).Select(a => a.Name).FirstOrDefault(),
                HasAccount = accounts.Any(a => a.NormalizedEmail == i.NormalizedEmail),
            })
            .FirstOrDefaultAsync(cancellationToken);
        return found switch
        {
            null => new InvitationView(InvitationState.Unknown),
            _ when found.ExpiresAt <= _time.GetUtcNow() => new InvitationView(InvitationState.Expired),
            _ => new InvitationView(
                InvitationState.Open, found.Email, found.WorkspaceId, found.Workspace, found.Inviter ?? "", found.Role,
                found.HasAccount),
        };
    }

    /// <summary>Accepts for an address that has no account yet: makes the account and the membership in one step.</summary>
    /// <returns>The id of the new account.</returns>
    /// <exception cref="DifyException">
    /// 400 <c>invitation_invalid</c>, or for a name or password that breaks the rule; 409 when the address has an account.
    /// </exception>
    public async Task<Guid> AcceptAsNewAccountAsync(
        string? token, string? name, string? password, string? language, string? timeZone,
        CancellationToken cancellationToken = default)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var invitation = await TakeAsync(db, token, cancellationToken);
        if (await db.Accounts.AnyAsync(a => a.NormalizedEmail == invitation.NormalizedEmail, cancellationToken))
        {
            throw HasAccount();
        }

        var account = _newAccount.Build(invitation.Email, name, password, language, timeZone);
        db.Accounts.Add(account);
        db.Members.Add(NewMember(invitation, account.Id));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            throw HasAccount();
        }

        await transaction.CommitAsync(cancellationToken);
        return account.Id;
    }

    /// <summary>Accepts for the signed-in account, whose address must be the invited one.</summary>
    /// <exception cref="DifyException">400 <c>invitation_invalid</c>; 403 for another person's invitation.</exception>
    public async Task AcceptAsync(string? token, Guid accountId, CancellationToken cancellationToken = default)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var invitation = await TakeAsync(db, token, cancellationToken);
        var address = await db.Accounts.Where(a => a.Id == accountId && a.Status == AccountStatus.Active)
            .Select(a => a.NormalizedEmail).FirstOrDefaultAsync(cancellationToken);
        if (address != invitation.NormalizedEmail)
        {
            throw DifyException.Forbidden("This invitation is for another e-mail address. Sign in with that account.");
        }

        if (!await db.Members.AnyAsync(
            m => m.WorkspaceId == invitation.WorkspaceId && m.AccountId == accountId, cancellationToken))
        {
            db.Members.Add(NewMember(invitation, accountId));
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    // Marks it used inside the transaction: of two that accept at the same moment one finds nothing to mark.
    private async Task<Invitation> TakeAsync(DifyDbContext db, string? token, CancellationToken cancellationToken)
    {
        if (token is not { Length: > 0 and <= 128 })
        {
            throw Invalid();
        }

        var now = _time.GetUtcNow();
        var hash = SecretText.Hash(token);
        var taken = await db.Invitations
            .Where(i => i.TokenHash == hash && i.AcceptedAt == null && i.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.AcceptedAt, now), cancellationToken);
        return taken == 1
            ? await db.Invitations.AsNoTracking().FirstAsync(i => i.TokenHash == hash, cancellationToken)
            : throw Invalid();
    }

    private Member NewMember(Invitation invitation, Guid accountId) => new()
    {
        WorkspaceId = invitation.WorkspaceId,
        AccountId = accountId,
        Role = invitation.Role,
        JoinedAt = _time.GetUtcNow(),
    };

    private static DifyException Invalid() => new(
        ErrorCodes.InvitationInvalid, "This invitation was used, withdrawn or has expired. Ask for a new one.");

    private static DifyException HasAccount() => DifyException.Conflict(
        ErrorCodes.EmailInUse, "This e-mail address has an account. Sign in with it to accept.");
}
