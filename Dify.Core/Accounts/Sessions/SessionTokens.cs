using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dify.Core.Accounts.Sessions;

/// <summary>
/// Sessions of programs: an access token of 60 minutes and a refresh token of 30 days. A refresh token works once and
/// brings a new pair; one that comes a second time was stolen or lost, so its whole session ends. Tokens are random
/// and stored as hashes; they carry the session's id in front, so that finding one needs no secret-dependent search.
/// </summary>
public sealed partial class SessionTokens(
    IDbContextFactory<DifyDbContext> contexts,
    IOptions<AccountsOptions> options,
    TimeProvider time,
    ILogger<SessionTokens> logger)
{
    private const string AccessPrefix = "dat_";
    private const string RefreshPrefix = "drt_";

    /// <summary>Opens a session for an account that has just proven who it is.</summary>
    public async Task<TokenPair> IssueAsync(Guid accountId, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stamp = await db.Accounts.Where(a => a.Id == accountId && a.Status == AccountStatus.Active)
            .Select(a => a.SecurityStamp).FirstOrDefaultAsync(cancellationToken) ?? throw SignInAgain();
        await db.AccountSessions.Where(s => s.AccountId == accountId && s.RefreshExpiresAt < now)
            .ExecuteDeleteAsync(cancellationToken);

        var id = Guid.CreateVersion7(now);
        var pair = NewPair(id);
        db.AccountSessions.Add(new AccountSession
        {
            Id = id,
            AccountId = accountId,
            SecurityStamp = stamp,
            AccessHash = SecretText.Hash(pair.AccessToken),
            AccessExpiresAt = now.AddMinutes(options.Value.AccessTokenMinutes),
            RefreshHash = SecretText.Hash(pair.RefreshToken),
            RefreshExpiresAt = now.AddDays(options.Value.RefreshTokenDays),
            CreatedAt = now,
        });
        await db.SaveChangesAsync(cancellationToken);
        return pair;
    }

    /// <summary>The account of a valid access token, else null.</summary>
    public async Task<Guid?> ValidateAsync(string? accessToken, CancellationToken cancellationToken = default)
    {
        if (ReadSessionId(accessToken, AccessPrefix) is not { } id)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var session = await FindAsync(db, id, cancellationToken);
        return session is not null
            && session.AccessExpiresAt > time.GetUtcNow()
            && SecretText.Matches(accessToken!, session.AccessHash)
            ? session.AccountId
            : null;
    }

    /// <summary>Trades a refresh token for a new pair.</summary>
    /// <exception cref="DifyException">401 when it is unknown, expired or was used before.</exception>
    public async Task<TokenPair> RefreshAsync(string? refreshToken, CancellationToken cancellationToken = default)
    {
        if (ReadSessionId(refreshToken, RefreshPrefix) is not { } id)
        {
            throw SignInAgain();
        }

        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var session = await FindAsync(db, id, cancellationToken);
        if (session is null || session.RefreshExpiresAt <= now)
        {
            throw SignInAgain();
        }

        var pair = NewPair(id);
        var (oldHash, accessHash, refreshHash) =
            (SecretText.Hash(refreshToken!), SecretText.Hash(pair.AccessToken), SecretText.Hash(pair.RefreshToken));
        var accessExpiresAt = now.AddMinutes(options.Value.AccessTokenMinutes);
        var refreshExpiresAt = now.AddDays(options.Value.RefreshTokenDays);
        var rotated = await db.AccountSessions.Where(s => s.Id == id && s.RefreshHash == oldHash).ExecuteUpdateAsync(
            set => set
                .SetProperty(s => s.AccessHash, accessHash)
                .SetProperty(s => s.AccessExpiresAt, accessExpiresAt)
                .SetProperty(s => s.RefreshHash, refreshHash)
                .SetProperty(s => s.RefreshExpiresAt, refreshExpiresAt),
            cancellationToken);
        if (rotated == 0)
        {
            await db.AccountSessions.Where(s => s.Id == id).ExecuteDeleteAsync(cancellationToken);
            LogReuse(session.AccountId);
            throw SignInAgain();
        }

        return pair;
    }

    /// <summary>Ends the session of an access token; an unknown one is no error.</summary>
    public async Task RevokeAsync(string? accessToken, CancellationToken cancellationToken = default)
    {
        if (ReadSessionId(accessToken, AccessPrefix) is { } id)
        {
            var hash = SecretText.Hash(accessToken!);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.AccountSessions.Where(s => s.Id == id && s.AccessHash == hash).ExecuteDeleteAsync(cancellationToken);
        }
    }

    // The session of an account that is active and has not changed its password since.
    private static Task<AccountSession?> FindAsync(DifyDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var accounts = db.Accounts;
        return db.AccountSessions.AsNoTracking()
            .Where(s => s.Id == id && accounts.Any(
                a => a.Id == s.AccountId && a.Status == AccountStatus.Active && a.SecurityStamp == s.SecurityStamp))
            .FirstOrDefaultAsync(cancellationToken);
    }

    private static TokenPair NewPair(Guid id) => new(
        $"{AccessPrefix}{id:N}{SecretText.Create()}", $"{RefreshPrefix}{id:N}{SecretText.Create()}");

    private static Guid? ReadSessionId(string? token, string prefix) =>
        token is { Length: > 36 and < 128 }
        && token.StartsWith(prefix, StringComparison.Ordinal)
        && Guid.TryParseExact(token.AsSpan(prefix.Length, 32), "N", out var id)
            ? id
            : null;

    private static DifyException SignInAgain() =>
        new(ErrorCodes.Unauthorized, "The session has ended. Sign in again.", 401);

    [LoggerMessage(LogLevel.Warning, "A refresh token of account {AccountId} came a second time; the session is ended")]
    private partial void LogReuse(Guid accountId);
}
