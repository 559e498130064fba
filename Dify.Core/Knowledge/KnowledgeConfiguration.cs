using Dify.Core.Common;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Knowledge;

public static class KnowledgeSets
{
    extension(DifyDbContext db)
    {
        public DbSet<KnowledgeBase> KnowledgeBases => db.Set<KnowledgeBase>();

        public DbSet<KnowledgeBaseMember> KnowledgeBaseMembers => db.Set<KnowledgeBaseMember>();

        public DbSet<Document> Documents => db.Set<Document>();

        public DbSet<Segment> Segments => db.Set<Segment>();
    }
}

internal sealed class KnowledgeConfiguration :
    IEntityTypeConfiguration<KnowledgeBase>, IEntityTypeConfiguration<KnowledgeBaseMember>,
    IEntityTypeConfiguration<Document>, IEntityTypeConfiguration<Segment>
{
    public void Configure(EntityTypeBuilder<KnowledgeBase> builder)
    {
        builder.ToTable("knowledge_bases");
        builder.Property(k => k.Name).HasMaxLength(40);
        builder.Property(k => k.Description).HasMaxLength(400);
        builder.HasIndex(k => new { k.WorkspaceId, k.Name }).IsUnique();
        builder.Property(k => k.Permission).HasConversion<string>().HasMaxLength(20);
        builder.Property(k => k.IndexingTechnique).HasConversion<string>().HasMaxLength(20);
        builder.Property(k => k.Retrieval).HasJsonConversion();
    }

    public void Configure(EntityTypeBuilder<KnowledgeBaseMember> builder)
    {
        builder.ToTable("knowledge_base_members");
        builder.HasKey(m => new { m.KnowledgeBaseId, m.AccountId });
        builder.HasIndex(m => new { m.WorkspaceId, m.AccountId });
        builder.HasOne<KnowledgeBase>().WithMany().HasForeignKey(m => m.KnowledgeBaseId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Document> builder)
    {
        builder.Ignore(d => d.DisplayStatus);
        builder.ToTable("documents");
        builder.Property(d => d.Name).HasMaxLength(255);
        builder.Property(d => d.Batch).HasMaxLength(40);
        builder.Property(d => d.IndexingStatus).HasConversion<string>().HasMaxLength(20);
        builder.Property(d => d.ProcessRule).HasJsonConversion();
        builder.HasIndex(d => new { d.KnowledgeBaseId, d.Position });
        builder.HasIndex(d => new { d.KnowledgeBaseId, d.Batch });
        builder.HasIndex(d => d.IndexingStatus);
        builder.HasIndex(d => d.FileId);
        builder.HasOne<KnowledgeBase>().WithMany().HasForeignKey(d => d.KnowledgeBaseId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Segment> builder)
    {
        builder.ToTable("segments");
        builder.HasIndex(s => new { s.DocumentId, s.Position }).IsUnique();
        builder.HasIndex(s => s.KnowledgeBaseId);
        builder.HasOne<Document>().WithMany().HasForeignKey(s => s.DocumentId).OnDelete(DeleteBehavior.Cascade);
    }
}
