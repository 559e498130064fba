using System.Globalization;
using System.Security.Cryptography;
using Dify.Core.Accounts.Mail;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Accounts.Codes;

/// <summary>
/// Mailed codes of six digits: from the system's generator, valid 5 minutes, at most 5 wrong attempts, used once. A new
/// code voids the older ones of the same address and purpose. An address that no mail goes to gets a token that looks
/// and behaves the same, so that nobody learns who has an account.
/// </summary>
internal sealed class VerificationCodes(
    IDbContextFactory<DifyDbContext> contexts, MailQueue mails, IMailSender sender, AttemptLimiter limiter, TimeProvider time)
{
    public const int MaxAttempts = 5;
    private const int CodesPerHour = 5;
    private const int CodesPerHourAndAddress = 30;
    private const int ChecksPerHour = 10;

    public static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(5);

    public bool CanMail => sender.IsConfigured;

    /// <returns>The token that names the code.</returns>
    /// <exception cref="DifyException">429 when the address or the network address asked too often.</exception>
    public async Task<string> SendAsync(
        CodePurpose purpose, string email, bool deliver, string? clientAddress, string? language,
        CancellationToken cancellationToken)
    {
        var normalized = AccountRules.NormalizeEmail(email);
        limiter.Take($"code:{purpose}:{normalized}", CodesPerHour, TimeSpan.FromHours(1));
        if (clientAddress is not null)
        {
            limiter.Take($"code:from:{clientAddress}", CodesPerHourAndAddress, TimeSpan.FromHours(1));
        }

        var now = time.GetUtcNow();
        var token = SecretText.Create();
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            await db.VerificationCodes
                .Where(c => (c.NormalizedEmail == normalized && c.Purpose == purpose) || c.ExpiresAt < now)
                .ExecuteDeleteAsync(cancellationToken);
            db.VerificationCodes.Add(new VerificationCode
            {
                Id = Guid.CreateVersion7(now),
                Purpose = purpose,
                Email = email,
                NormalizedEmail = normalized,
                TokenHash = SecretText.Hash(token),
                CodeHash = SecretText.Hash(token + code),
                ExpiresAt = now + Lifetime,
            });
            await db.SaveChangesAsync(cancellationToken);
        }

        if (deliver)
        {
            mails.Enqueue(MailText.Code(purpose, email, code, language));
        }

        return token;
    }

    public async Task<bool> IsOfAsync(CodePurpose purpose, string? token, CancellationToken cancellationToken)
    {
        if (token is not { Length: > 0 and <= 128 })
        {
            return false;
        }

        var hash = SecretText.Hash(token);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.VerificationCodes.AnyAsync(c => c.TokenHash == hash && c.Purpose == purpose, cancellationToken);
    }

    /// <summary>Trades token and code for a token that allows the change.</summary>
    /// <exception cref="DifyException">400 <c>email_code_error</c>, the same for every cause.</exception>
    public async Task<string> VerifyAsync(
        CodePurpose purpose, string? email, string? token, string? code, CancellationToken cancellationToken)
    {
        if (token is not { Length: > 0 and <= 128 } || code is not { Length: > 0 and <= 16 } || !AccountRules.IsEmail(email?.Trim()))
        {
            throw WrongCode();
        }

        var normalized = AccountRules.NormalizeEmail(email!);
        limiter.Take($"code-check:{purpose}:{normalized}", ChecksPerHour, TimeSpan.FromHours(1));
        var now = time.GetUtcNow();
        var tokenHash = SecretText.Hash(token);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        // The attempt is counted before the code is looked at: simultaneous guesses cannot share one attempt.
        var counted = await db.VerificationCodes
            .Where(c => c.TokenHash == tokenHash && c.Purpose == purpose && c.NormalizedEmail == normalized
                && !c.Verified && c.Attempts < MaxAttempts && c.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Attempts, c => c.Attempts + 1), cancellationToken);
        if (counted == 0)
        {
            throw WrongCode();
        }

        var verifiedToken = SecretText.Create();
        var (codeHash, verifiedHash, expiresAt) = (SecretText.Hash(token + code.Trim()), SecretText.Hash(verifiedToken), now + Lifetime);
        var verified = await db.VerificationCodes
            .Where(c => c.TokenHash == tokenHash && c.CodeHash == codeHash && !c.Verified)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(c => c.Verified, true)
                    .SetProperty(c => c.TokenHash, verifiedHash)
                    .SetProperty(c => c.ExpiresAt, expiresAt),
                cancellationToken);
        return verified == 1 ? verifiedToken : throw WrongCode();
    }

    /// <summary>Uses up a token of <see cref="VerifyAsync"/>.</summary>
    /// <returns>The proven address.</returns>
    /// <exception cref="DifyException">400 <c>invalid_or_expired_token</c>, the same for every cause.</exception>
    public async Task<string> ConsumeAsync(CodePurpose purpose, string? verifiedToken, CancellationToken cancellationToken)
    {
        if (verifiedToken is not { Length: > 0 and <= 128 })
        {
            throw WrongToken();
        }

        var now = time.GetUtcNow();
        var hash = SecretText.Hash(verifiedToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var email = await db.VerificationCodes
            .Where(c => c.TokenHash == hash && c.Purpose == purpose && c.Verified && c.ExpiresAt > now)
            .Select(c => c.Email).FirstOrDefaultAsync(cancellationToken) ?? throw WrongToken();
        var used = await db.VerificationCodes.Where(c => c.TokenHash == hash).ExecuteDeleteAsync(cancellationToken);
        return used == 1 ? email : throw WrongToken();
    }

    private static DifyException WrongCode() =>
        new(ErrorCodes.EmailCodeError, "The code is wrong or no longer valid. Check it, or ask for a new one.");

    private static DifyException WrongToken() =>
        new(ErrorCodes.InvalidOrExpiredToken, "This step is no longer valid. Ask for a new code.");
}
