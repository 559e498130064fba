using System.Security.Cryptography;
using System.Text;
using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workspaces.Setup;

/// <summary>Makes the first account, its workspace and its ownership, once for ever.</summary>
public sealed partial class SetupService
{
    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly NewAccount _newAccount;
    private readonly AttemptLimiter _limiter;
    private readonly AccountsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SetupService> _logger;
    private volatile bool _isSetUp;

    internal SetupService(
        IDbContextFactory<DifyDbContext> contexts, NewAccount newAccount, AttemptLimiter limiter,
        IOptions<AccountsOptions> options, TimeProvider time, ILogger<SetupService> logger) =>
        (_contexts, _newAccount, _limiter, _options, _time, _logger) =
        (contexts, newAccount, limiter, options.Value, time, logger);

    /// <summary>Whether the operator asks for <c>INIT_PASSWORD</c> before the set-up.</summary>
    public bool NeedsInitPassword => _options.InitPassword.Length > 0;

    /// <summary>Whether the owner exists. Once true it stays true and costs nothing to ask.</summary>
    public async ValueTask<bool> IsSetUpAsync(CancellationToken cancellationToken = default)
    {
        if (_isSetUp)
        {
            return true;
        }

        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return _isSetUp = await db.SetupRecords.AnyAsync(cancellationToken);
    }

    /// <summary>Sets the program up. Of two that do it at the same moment, one wins.</summary>
    /// <returns>The id of the owner's account.</returns>
    /// <exception cref="DifyException">
    /// 409 <c>already_setup</c>; 401 <c>init_validate_failed</c>; 400 for a malformed e-mail, name or password.
    /// </exception>
    public async Task<Guid> SetUpAsync(
        string? email, string? name, string? password, string? initPassword = null, string? language = null,
        CancellationToken cancellationToken = default)
    {
        if (await IsSetUpAsync(cancellationToken))
        {
            throw AlreadySetUp();
        }

        RequireInitPassword(initPassword);
        var account = _newAccount.Build(email, name, password, language);
        var workspace = new Workspace { Name = $"{account.Name}'s Workspace"[..Math.Min(100, account.Name.Length + 12)], CreatedAt = _time.GetUtcNow() };
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        db.SetupRecords.Add(new SetupRecord { CompletedAt = _time.GetUtcNow() });
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
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // The other set-up of the same moment holds the only key; anything else is a fault of the store.
            if (await IsSetUpAsync(cancellationToken))
            {
                throw AlreadySetUp();
            }

            throw;
        }

        _isSetUp = true;
        LogSetUp(account.Id, workspace.Id);
        return account.Id;
    }

    private void RequireInitPassword(string? given)
    {
        if (!NeedsInitPassword)
        {
            return;
        }

        _limiter.Take("init-password", 10, TimeSpan.FromMinutes(5));
        if (!CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")),
            SHA256.HashData(Encoding.UTF8.GetBytes(_options.InitPassword))))
        {
            throw new DifyException(
                ErrorCodes.InitValidateFailed, "The set-up password is wrong. The operator set it as INIT_PASSWORD.", 401);
        }
    }

    private static DifyException AlreadySetUp() =>
        DifyException.Conflict(ErrorCodes.AlreadySetup, "Dify is set up already. Sign in.");

    [LoggerMessage(LogLevel.Information, "Set up: account {AccountId} owns workspace {WorkspaceId}")]
    private partial void LogSetUp(Guid accountId, Guid workspaceId);
}
