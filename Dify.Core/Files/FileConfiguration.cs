using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Files;

public static class FileSets
{
    extension(DifyDbContext db)
    {
        public DbSet<UploadedFile> UploadedFiles => db.Set<UploadedFile>();
    }
}

internal sealed class FileConfiguration : IEntityTypeConfiguration<UploadedFile>
{
    public void Configure(EntityTypeBuilder<UploadedFile> builder)
    {
        builder.ToTable("uploaded_files");
        builder.Property(f => f.Name).HasMaxLength(255);
        builder.Property(f => f.StorageKey).HasMaxLength(200);
        builder.HasIndex(f => new { f.WorkspaceId, f.CreatedAt });
    }
}
