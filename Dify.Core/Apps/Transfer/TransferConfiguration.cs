using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Apps.Transfer;

public static class TransferSets
{
    extension(DifyDbContext db)
    {
        public DbSet<PendingImport> PendingImports => db.Set<PendingImport>();
    }
}

internal sealed class TransferConfiguration : IEntityTypeConfiguration<PendingImport>
{
    public void Configure(EntityTypeBuilder<PendingImport> builder)
    {
        builder.ToTable("pending_imports");
        builder.Property(import => import.Wishes).HasJsonConversion();
        builder.HasIndex(import => import.ExpiresAt);
        builder.HasOne<Workspace>().WithMany().HasForeignKey(import => import.WorkspaceId).OnDelete(DeleteBehavior.Cascade);
    }
}
