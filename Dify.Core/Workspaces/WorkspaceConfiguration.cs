using Dify.Core.Accounts;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Workspaces;

public static class WorkspaceSets
{
    extension(DifyDbContext db)
    {
        public DbSet<Workspace> Workspaces => db.Set<Workspace>();

        public DbSet<Member> Members => db.Set<Member>();
    }
}

internal sealed class WorkspaceConfiguration : IEntityTypeConfiguration<Workspace>, IEntityTypeConfiguration<Member>
{
    public void Configure(EntityTypeBuilder<Workspace> builder)
    {
        builder.ToTable("workspaces");
        builder.Property(w => w.Name).HasMaxLength(100);
    }

    public void Configure(EntityTypeBuilder<Member> builder)
    {
        builder.ToTable("members");
        builder.HasKey(m => new { m.WorkspaceId, m.AccountId });
        builder.HasIndex(m => m.AccountId);
        // The store itself refuses a second owner.
        builder.HasIndex(m => m.WorkspaceId, "IX_members_one_owner").IsUnique().HasFilter("\"Role\" = 0");
        builder.HasOne<Account>().WithMany().HasForeignKey(m => m.AccountId);
        builder.HasOne<Workspace>().WithMany().HasForeignKey(m => m.WorkspaceId);
    }
}
