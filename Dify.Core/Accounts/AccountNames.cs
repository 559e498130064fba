using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Accounts;

/// <summary>Who an account id is, for lists that tell who did what.</summary>
public sealed class AccountNames(IDbContextFactory<DifyDbContext> contexts)
{
    /// <summary>Accounts that are gone are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, AccountName>> FindAsync(
        IEnumerable<Guid> accountIds, CancellationToken cancellationToken = default)
    {
        var wanted = accountIds.Distinct().ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.Where(account => wanted.Contains(account.Id))
            .Select(account => new AccountName(account.Id, account.Name, account.Email!))
            .ToDictionaryAsync(account => account.Id, cancellationToken);
    }
}

/// <summary>An account as others see it.</summary>
public sealed record AccountName(Guid Id, string Name, string Email);
