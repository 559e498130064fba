using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Storage;

/// <summary>Brings the relational store to the schema of this program; forward only.</summary>
public sealed class DatabaseMigrator(IDbContextFactory<DifyDbContext> contexts)
{
    public async Task MigrateAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
