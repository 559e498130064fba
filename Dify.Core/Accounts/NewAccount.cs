using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace Dify.Core.Accounts;

/// <summary>
/// Builds an account that is not stored yet, so that it can be saved in one transaction with the membership that
/// comes with it.
/// </summary>
internal sealed class NewAccount(IPasswordHasher<Account> hasher, TimeProvider time)
{
    /// <param name="email">Checked here.</param>
    /// <param name="name">Checked here.</param>
    /// <param name="password">Checked here; only its hash is kept.</param>
    public Account Build(string? email, string? name, string? password, string? language = null, string? timeZone = null)
    {
        var address = AccountRules.RequireEmail(email);
        var account = new Account
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Name = AccountRules.RequireName(name),
            Email = address,
            NormalizedEmail = AccountRules.NormalizeEmail(address),
            UserName = address,
            NormalizedUserName = AccountRules.NormalizeEmail(address),
            EmailConfirmed = true,
            LockoutEnabled = true,
            InterfaceLanguage = AccountRules.LanguageOrDefault(language),
            TimeZone = AccountRules.TimeZoneOrDefault(timeZone),
            SecurityStamp = RandomNumberGenerator.GetHexString(32),
            CreatedAt = time.GetUtcNow(),
            LastLoginAt = time.GetUtcNow(),
        };
        account.PasswordHash = hasher.HashPassword(account, AccountRules.RequirePassword(password));
        return account;
    }
}
