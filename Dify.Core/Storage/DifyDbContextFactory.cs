using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Storage;

/// <summary>Lets features ask for <see cref="DifyDbContext"/> while a provider's own context is registered.</summary>
internal sealed class DifyDbContextFactory<TContext>(IDbContextFactory<TContext> inner) : IDbContextFactory<DifyDbContext>
    where TContext : DifyDbContext
{
    public DifyDbContext CreateDbContext() => inner.CreateDbContext();

    public async Task<DifyDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default) =>
        await inner.CreateDbContextAsync(cancellationToken);
}
