using Dify.Core.Accounts;
using Dify.Core.Accounts.Codes;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workspaces.Setup;

/// <summary>
/// Where <c>ALLOW_REGISTER</c> is on, people make an account with a mailed code. They get a workspace of their own and
/// see nothing of the others.
/// </summary>
public sealed class RegistrationService
{
    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly VerificationCodes _codes;
    private readonly NewAccount _newAccount;
    private readonly AccountsOptions _options;
    private readonly TimeProvider _time;

    internal RegistrationService(
        IDbContextFactory<DifyDbContext> contexts, VerificationCodes codes, NewAccount newAccount,
        IOptions<AccountsOptions> options, TimeProvider time) =>
        (_contexts, _codes, _newAccount, _options, _time) = (contexts, codes, newAccount, options.Value, time);

    /// <summary>Needs both the operator's permission and a mail server.</summary>
    public bool IsAllowed => _options.AllowRegister && _codes.CanMail;

    /// <returns>A token for <see cref="CheckCodeAsync"/>, also for an address that has an account.</returns>
    public async Task<string> RequestAsync(
        string? email, string? clientAddress, string? language, CancellationToken cancellationToken = default)
    {
        RequireAllowed();
        var address = AccountRules.RequireEmail(email);
        var free = !await ExistsAsync(address, cancellationToken);
        return await _codes.SendAsync(CodePurpose.Register, address, free, clientAddress, language, cancellationToken);
    }

    /// <summary>Whether a token is of a registration and not of a forgotten password.</summary>
    public Task<bool> OwnsAsync(string? token, CancellationToken cancellationToken = default) =>
        _codes.IsOfAsync(CodePurpose.Register, token, cancellationToken);

    /// <returns>A token that allows to make the account once, within 5 minutes.</returns>
    public Task<string> CheckCodeAsync(
        string? email, string? token, string? code, CancellationToken cancellationToken = default)
    {
        RequireAllowed();
        return _codes.VerifyAsync(CodePurpose.Register, email, token, code, cancellationToken);
    }

    /// <returns>The id of the new account.</returns>
    /// <exception cref="DifyException">400 when name or password break the rule or the token does not count.</exception>
    public async Task<Guid> RegisterAsync(
        string? verifiedToken, string? name, string? password, string? language, string? timeZone,
        CancellationToken cancellationToken = default)
    {
        RequireAllowed();
        AccountRules.RequireName(name);
        AccountRules.RequirePassword(password);
        var email = await _codes.ConsumeAsync(CodePurpose.Register, verifiedToken, cancellationToken);
        if (await ExistsAsync(email, cancellationToken))
        {
            throw EmailInUse();
        }

        var account = _newAccount.Build(email, name, password, language, timeZone);
        var workspace = new Workspace { Name = $"{account.Name}'s Workspace"[..Math.Min(100, account.Name.Length + 12)], CreatedAt = _time.GetUtcNow() };
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        db.Accounts.Add(account);
        db.Workspaces.Add(workspace);
        db.Members.Add(new Member
        {
            WorkspaceId = workspace.Id,
            AccountId = account.Id,
            Role = Role.Owner,
            JoinedAt = _time.GetUtcNow(),
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            if (await ExistsAsync(email, cancellationToken))
            {
                throw EmailInUse();
            }

            throw;
        }

        return account.Id;
    }

    private void RequireAllowed()
    {
        if (!IsAllowed)
        {
            throw new DifyException(
                ErrorCodes.RegistrationNotAllowed, "Registration is closed here. Ask an admin to invite you.", 403);
        }
    }

    private async Task<bool> ExistsAsync(string email, CancellationToken cancellationToken)
    {
        var normalized = AccountRules.NormalizeEmail(email);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AnyAsync(a => a.NormalizedEmail == normalized, cancellationToken);
    }

    private static DifyException EmailInUse() =>
        DifyException.Conflict(ErrorCodes.EmailInUse, "This e-mail address has an account. Sign in.");
}
