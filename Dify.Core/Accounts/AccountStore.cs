using Dify.Core.Storage;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Accounts;

/// <summary>Identity's store over a context of its own, which lives as long as the scope.</summary>
internal sealed class AccountStore(IDbContextFactory<DifyDbContext> contexts)
    : UserOnlyStore<Account, DifyDbContext, Guid>(contexts.CreateDbContext()), IDisposable
{
    private int _disposed;

    // The user manager and the scope both dispose the store; a pooled context must go back to its pool only once.
    public new void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            base.Dispose();
            Context.Dispose();
        }
    }
}
