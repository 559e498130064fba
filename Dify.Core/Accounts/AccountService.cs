using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Accounts;

/// <summary>What a person does with the own account, and whether its sessions still count.</summary>
public sealed class AccountService(IDbContextFactory<DifyDbContext> contexts, IServiceScopeFactory scopes)
{
    /// <exception cref="DifyException">401 when the account is gone or may not sign in.</exception>
    public async Task<AccountProfile> GetProfileAsync(Guid accountId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AsNoTracking()
            .Where(a => a.Id == accountId && a.Status == AccountStatus.Active)
            .Select(a => new AccountProfile(
                a.Id, a.Name, a.Email!, a.InterfaceLanguage, a.InterfaceTheme, a.TimeZone, a.LastLoginAt, a.CreatedAt))
            .FirstOrDefaultAsync(cancellationToken)
            ?? throw new DifyException(ErrorCodes.Unauthorized, "Sign in to go on.", 401);
    }

    /// <summary>
    /// Whether a session that was opened under <paramref name="securityStamp"/> still counts: not after the account was
    /// banned or closed, nor after its password was changed.
    /// </summary>
    public async Task<bool> IsSessionValidAsync(
        Guid accountId, string? securityStamp, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return securityStamp is { Length: > 0 } && await db.Accounts.AnyAsync(
            a => a.Id == accountId && a.SecurityStamp == securityStamp && a.Status == AccountStatus.Active,
            cancellationToken);
    }

    /// <exception cref="DifyException">400 for a name that is empty or too long.</exception>
    public async Task RenameAsync(Guid accountId, string? name, CancellationToken cancellationToken = default)
    {
        var valid = AccountRules.RequireName(name);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Accounts.Where(a => a.Id == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Name, valid), cancellationToken);
    }

    /// <param name="accountId">The own account.</param>
    /// <param name="language">Null keeps what is set, as for the others.</param>
    /// <param name="timeZone">IANA name.</param>
    /// <param name="theme"><c>light</c>, <c>dark</c> or <c>system</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task SetPreferencesAsync(
        Guid accountId, string? language = null, string? timeZone = null, string? theme = null,
        CancellationToken cancellationToken = default)
    {
        if ((language is not null && !AccountRules.Languages.Contains(language))
            || (theme is not null && !AccountRules.Themes.Contains(theme))
            || (timeZone is not null && AccountRules.TimeZoneOrDefault(timeZone) != timeZone))
        {
            throw DifyException.Invalid("Choose a language, a time zone and a theme of those that are offered.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Accounts.Where(a => a.Id == accountId).ExecuteUpdateAsync(
            set => set
                .SetProperty(a => a.InterfaceLanguage, a => language ?? a.InterfaceLanguage)
                .SetProperty(a => a.TimeZone, a => timeZone ?? a.TimeZone)
                .SetProperty(a => a.InterfaceTheme, a => theme ?? a.InterfaceTheme),
            cancellationToken);
    }

    /// <summary>Changes the password; every session of the account ends, also the one that asks.</summary>
    /// <exception cref="DifyException">400 when the current password is wrong or the new one breaks the rule.</exception>
    public async Task ChangePasswordAsync(
        Guid accountId, string? currentPassword, string? newPassword, CancellationToken cancellationToken = default)
    {
        AccountRules.RequirePassword(newPassword);
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        cancellationToken.ThrowIfCancellationRequested();
        var limiter = scope.ServiceProvider.GetRequiredService<AttemptLimiter>();
        limiter.Take($"change-password:{accountId}", 10, TimeSpan.FromMinutes(15));

        var account = await FindActiveAsync(users, accountId);
        var result = await users.ChangePasswordAsync(account, currentPassword ?? "", newPassword!);
        if (!result.Succeeded)
        {
            throw new DifyException(ErrorCodes.PasswordMismatch, "The current password is wrong.");
        }
    }

    /// <summary>Sets a password without the old one, after a mailed code was proven. Ends every session and any lock.</summary>
    internal async Task ResetPasswordAsync(string email, string? newPassword)
    {
        AccountRules.RequirePassword(newPassword);
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = await users.FindByEmailAsync(email)
            ?? throw new DifyException(ErrorCodes.InvalidOrExpiredToken, "This link is no longer valid. Ask for a new code.");
        account.PasswordHash = users.PasswordHasher.HashPassword(account, newPassword!);
        account.AccessFailedCount = 0;
        account.LockoutEnd = null;
        account.LastFailedAt = null;
        var result = await users.UpdateSecurityStampAsync(account);
        if (!result.Succeeded)
        {
            throw DifyException.Conflict(ErrorCodes.Conflict, "The account was changed at the same moment. Try again.");
        }
    }

    /// <summary>The stamp that a new session of the account is opened under.</summary>
    public async Task<string> GetSecurityStampAsync(Guid accountId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.Where(a => a.Id == accountId && a.Status == AccountStatus.Active)
            .Select(a => a.SecurityStamp).FirstOrDefaultAsync(cancellationToken)
            ?? throw new DifyException(ErrorCodes.Unauthorized, "Sign in to go on.", 401);
    }

    private static async Task<Account> FindActiveAsync(UserManager<Account> users, Guid accountId) =>
        await users.FindByIdAsync(accountId.ToString()) is { Status: AccountStatus.Active } account
            ? account
            : throw new DifyException(ErrorCodes.Unauthorized, "Sign in to go on.", 401);
}
