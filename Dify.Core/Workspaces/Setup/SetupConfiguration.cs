using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Workspaces.Setup;

internal static class SetupSets
{
    extension(DifyDbContext db)
    {
        public DbSet<SetupRecord> SetupRecords => db.Set<SetupRecord>();
    }
}

internal sealed class SetupConfiguration : IEntityTypeConfiguration<SetupRecord>
{
    public void Configure(EntityTypeBuilder<SetupRecord> builder)
    {
        builder.ToTable("setup");
        builder.Property(s => s.Id).ValueGeneratedNever();
    }
}
