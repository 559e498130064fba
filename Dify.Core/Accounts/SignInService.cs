using Dify.Core.Accounts.Codes;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dify.Core.Accounts;

/// <summary>
/// Checks an e-mail and a password. Five wrong passwords within 15 minutes lock the account for 15 minutes; failures
/// of one network address are limited over all accounts. The time taken does not tell whether an account exists.
/// </summary>
public sealed partial class SignInService
{
    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly IPasswordHasher<Account> _hasher;
    private readonly AttemptLimiter _limiter;
    private readonly VerificationCodes _codes;
    private readonly AccountsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SignInService> _logger;
    private readonly Lazy<string> _decoyHash;

    internal SignInService(
        IDbContextFactory<DifyDbContext> contexts,
        IPasswordHasher<Account> hasher,
        AttemptLimiter limiter,
        VerificationCodes codes,
        IOptions<AccountsOptions> options,
        TimeProvider time,
        ILogger<SignInService> logger)
    {
        (_contexts, _hasher, _limiter, _codes, _time, _logger) = (contexts, hasher, limiter, codes, time, logger);
        _options = options.Value;
        _decoyHash = new(() => hasher.HashPassword(Decoy, SecretText.Create()));
    }

    private static Account Decoy { get; } = new() { Name = "decoy" };

    private TimeSpan Window => TimeSpan.FromMinutes(_options.LockoutMinutes);

    /// <param name="email">As typed.</param>
    /// <param name="password">As typed; never logged.</param>
    /// <param name="clientAddress">Network address of the caller, or null where it is not known.</param>
    /// <param name="language">Language of the mail that an unknown address gets where registration is allowed.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DifyException">400 for an address that is none; 429 after too many failures.</exception>
    public async Task<SignInResult> SignInAsync(
        string? email, string? password, string? clientAddress, string? language = null,
        CancellationToken cancellationToken = default)
    {
        var address = AccountRules.RequireEmail(email);
        if (password is not { Length: > 0 and <= AccountRules.MaxPasswordLength })
        {
            throw new DifyException(ErrorCodes.InvalidPassword, "Enter your password.");
        }

        var normalized = AccountRules.NormalizeEmail(address);
        _limiter.Check($"sign-in:from:{clientAddress}", clientAddress is null ? int.MaxValue : _options.MaxFailedSignInsPerAddress);
        _limiter.Check($"sign-in:to:{normalized}", _options.MaxFailedSignIns * 4);

        Account? account;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            account = await db.Accounts.AsNoTracking()
                .FirstOrDefaultAsync(a => a.NormalizedEmail == normalized, cancellationToken);
        }

        var verdict = _hasher.VerifyHashedPassword(account ?? Decoy, account?.PasswordHash ?? _decoyHash.Value, password);
        if (account is null || account.Status == AccountStatus.Pending || account.Status == AccountStatus.Closed)
        {
            CountFailure(normalized, clientAddress);
            return await AnswerUnknownAsync(address, clientAddress, language, cancellationToken);
        }

        if (account.LockoutEnd > _time.GetUtcNow())
        {
            CountFailure(normalized, clientAddress);
            return new SignInResult(SignInOutcome.Locked);
        }

        if (verdict == PasswordVerificationResult.Failed || account.PasswordHash is null)
        {
            CountFailure(normalized, clientAddress);
            return new SignInResult(await RecordFailureAsync(account, cancellationToken)
                ? SignInOutcome.Locked
                : SignInOutcome.Mismatch);
        }

        if (account.Status == AccountStatus.Banned)
        {
            return new SignInResult(SignInOutcome.Banned);
        }

        return await RecordSuccessAsync(account, verdict, password, cancellationToken);
    }

    private void CountFailure(string normalized, string? clientAddress)
    {
        _limiter.Count($"sign-in:to:{normalized}", Window);
        if (clientAddress is not null)
        {
            _limiter.Count($"sign-in:from:{clientAddress}", Window);
        }
    }

    private async Task<SignInResult> AnswerUnknownAsync(
        string email, string? clientAddress, string? language, CancellationToken cancellationToken)
    {
        var token = _options.AllowRegister && _codes.CanMail
            ? await _codes.SendAsync(CodePurpose.Register, email, deliver: true, clientAddress, language, cancellationToken)
            : null;
        return new SignInResult(SignInOutcome.AccountNotFound, RegistrationToken: token);
    }

    // One statement counts and one locks, so that simultaneous guesses are all counted.
    private async Task<bool> RecordFailureAsync(Account account, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var forgotten = now - Window;
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await db.Accounts.Where(a => a.Id == account.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(a => a.AccessFailedCount, a => a.LastFailedAt == null || a.LastFailedAt < forgotten ? 1 : a.AccessFailedCount + 1)
                .SetProperty(a => a.LastFailedAt, now),
            cancellationToken);
        var limit = _options.MaxFailedSignIns;
        var lockedUntil = now + Window;
        var locked = await db.Accounts.Where(a => a.Id == account.Id && a.AccessFailedCount >= limit).ExecuteUpdateAsync(
            set => set.SetProperty(a => a.LockoutEnd, lockedUntil).SetProperty(a => a.AccessFailedCount, 0),
            cancellationToken) > 0;
        if (locked)
        {
            LogLocked(account.Id);
        }

        return locked;
    }

    private async Task<SignInResult> RecordSuccessAsync(
        Account account, PasswordVerificationResult verdict, string password, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var hash = verdict == PasswordVerificationResult.SuccessRehashNeeded
            ? _hasher.HashPassword(account, password)
            : account.PasswordHash;
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await db.Accounts.Where(a => a.Id == account.Id && a.PasswordHash == account.PasswordHash).ExecuteUpdateAsync(
            set => set
                .SetProperty(a => a.AccessFailedCount, 0)
                .SetProperty(a => a.LastFailedAt, (DateTimeOffset?)null)
                .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null)
                .SetProperty(a => a.LastLoginAt, now)
                .SetProperty(a => a.PasswordHash, hash),
            cancellationToken);
        account.LastLoginAt = now;
        return new SignInResult(SignInOutcome.Success, account);
    }

    [LoggerMessage(LogLevel.Warning, "Account {AccountId} is locked after too many wrong passwords")]
    private partial void LogLocked(Guid accountId);
}
