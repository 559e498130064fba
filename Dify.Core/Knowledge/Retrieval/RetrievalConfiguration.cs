using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Knowledge.Retrieval;

public static class RetrievalSets
{
    extension(DifyDbContext db)
    {
        public DbSet<RetrievalRecord> RetrievalRecords => db.Set<RetrievalRecord>();
    }
}

internal sealed class RetrievalConfiguration : IEntityTypeConfiguration<RetrievalRecord>
{
    public void Configure(EntityTypeBuilder<RetrievalRecord> builder)
    {
        builder.ToTable("retrieval_records");
        builder.Property(r => r.Text).HasMaxLength(1000);
        builder.Property(r => r.Source).HasMaxLength(20);
        builder.HasIndex(r => new { r.KnowledgeBaseId, r.CreatedAt });
        builder.HasOne<KnowledgeBase>().WithMany().HasForeignKey(r => r.KnowledgeBaseId).OnDelete(DeleteBehavior.Cascade);
    }
}
