using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Workflows.Drafts;

public static class DraftSets
{
    extension(DifyDbContext db)
    {
        public DbSet<Workflow> Workflows => db.Set<Workflow>();

        public DbSet<WorkflowVersion> WorkflowVersions => db.Set<WorkflowVersion>();
    }
}

internal sealed class DraftConfiguration : IEntityTypeConfiguration<Workflow>, IEntityTypeConfiguration<WorkflowVersion>
{
    public void Configure(EntityTypeBuilder<Workflow> builder)
    {
        builder.ToTable("workflows");
        builder.HasKey(workflow => workflow.AppId);
        builder.Property(workflow => workflow.Hash).HasMaxLength(64);
    }

    public void Configure(EntityTypeBuilder<WorkflowVersion> builder)
    {
        builder.ToTable("workflow_versions");
        builder.Property(version => version.Kind).HasConversion<string>().HasMaxLength(20);
        builder.Property(version => version.Hash).HasMaxLength(64);
        builder.Property(version => version.Name).HasMaxLength(100);
        builder.HasIndex(version => new { version.AppId, version.Kind, version.CreatedAt });
        builder.HasIndex(version => new { version.AppId, version.Hash });
    }
}
