using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Storage;

/// <summary>
/// The relational store. It names no entity: each feature brings its <see cref="IEntityTypeConfiguration{TEntity}"/>
/// classes and adds its sets as extension properties, so that Storage depends on no feature.
/// One derived context a provider carries the migrations.
/// </summary>
public abstract class DifyDbContext(DbContextOptions options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(DifyDbContext).Assembly);
    }
}
