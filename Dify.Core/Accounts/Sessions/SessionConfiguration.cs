using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Accounts.Sessions;

internal static class SessionSets
{
    extension(DifyDbContext db)
    {
        public DbSet<AccountSession> AccountSessions => db.Set<AccountSession>();
    }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<AccountSession>
{
    public void Configure(EntityTypeBuilder<AccountSession> builder)
    {
        builder.ToTable("account_sessions");
        builder.Property(s => s.SecurityStamp).HasMaxLength(64);
        builder.Property(s => s.AccessHash).HasMaxLength(64);
        builder.Property(s => s.RefreshHash).HasMaxLength(64);
        builder.HasIndex(s => s.AccountId);
        builder.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId);
    }
}
