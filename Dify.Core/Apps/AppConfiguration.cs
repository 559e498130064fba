using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.ApiKeys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Apps;

public static class AppSets
{
    extension(DifyDbContext db)
    {
        public DbSet<App> Apps => db.Set<App>();
    }
}

internal sealed class AppConfiguration : IEntityTypeConfiguration<App>
{
    public void Configure(EntityTypeBuilder<App> builder)
    {
        builder.ToTable("apps");
        builder.Property(a => a.Name).HasMaxLength(255);
        builder.Property(a => a.Mode).HasConversion<string>().HasMaxLength(20);
        builder.Property(a => a.SiteCode).HasMaxLength(32);
        builder.Property(a => a.Draft).HasJsonConversion();
        builder.Property(a => a.Published).HasJsonConversion();
        builder.Property(a => a.FileExtras).HasJsonConversion();
        builder.HasIndex(a => new { a.WorkspaceId, a.UpdatedAt });
        builder.HasIndex(a => a.SiteCode).IsUnique();
        builder.HasOne<Workspace>().WithMany().HasForeignKey(a => a.WorkspaceId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany<ApiKey>().WithOne().HasForeignKey(k => k.AppId).OnDelete(DeleteBehavior.Cascade);
    }
}
