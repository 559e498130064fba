using Dify.Core.Accounts.Codes;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Accounts;

/// <summary>A forgotten password: mail a code, check it, set a new one. Never tells who has an account.</summary>
public sealed class PasswordResetService
{
    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly VerificationCodes _codes;
    private readonly AccountService _accounts;

    internal PasswordResetService(IDbContextFactory<DifyDbContext> contexts, VerificationCodes codes, AccountService accounts) =>
        (_contexts, _codes, _accounts) = (contexts, codes, accounts);

    /// <summary>False without a mail server: then there is no reset by mail.</summary>
    public bool IsAvailable => _codes.CanMail;

    /// <returns>A token for <see cref="CheckCodeAsync"/>, also for an address without an account.</returns>
    /// <exception cref="DifyException">400 for a malformed address or without mail; 429 when asked too often.</exception>
    public async Task<string> RequestAsync(
        string? email, string? clientAddress, string? language, CancellationToken cancellationToken = default)
    {
        var address = AccountRules.RequireEmail(email);
        if (!_codes.CanMail)
        {
            throw new DifyException(
                ErrorCodes.MailNotConfigured, "No mail server is set up, so no code can be sent. Ask the operator.");
        }

        var normalized = AccountRules.NormalizeEmail(address);
        bool known;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            known = await db.Accounts.AnyAsync(
                a => a.NormalizedEmail == normalized && a.Status == AccountStatus.Active, cancellationToken);
        }

        return await _codes.SendAsync(CodePurpose.Reset, address, known, clientAddress, language, cancellationToken);
    }

    /// <returns>A token that allows to set the password once, within 5 minutes.</returns>
    /// <exception cref="DifyException">400 <c>email_code_error</c>.</exception>
    public Task<string> CheckCodeAsync(
        string? email, string? token, string? code, CancellationToken cancellationToken = default) =>
        _codes.VerifyAsync(CodePurpose.Reset, email, token, code, cancellationToken);

    /// <summary>Sets the password; every session of the account ends.</summary>
    /// <exception cref="DifyException">400 when the password breaks the rule or the token does not count.</exception>
    public async Task SetPasswordAsync(string? verifiedToken, string? newPassword, CancellationToken cancellationToken = default)
    {
        AccountRules.RequirePassword(newPassword);
        var email = await _codes.ConsumeAsync(CodePurpose.Reset, verifiedToken, cancellationToken);
        await _accounts.ResetPasswordAsync(email, newPassword);
    }
}
