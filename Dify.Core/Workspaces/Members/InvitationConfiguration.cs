using Dify.Core.Accounts;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Workspaces.Members;

public static class InvitationSets
{
    extension(DifyDbContext db)
    {
        public DbSet<Invitation> Invitations => db.Set<Invitation>();
    }
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("invitations");
        builder.Property(i => i.Email).HasMaxLength(AccountRules.MaxEmailLength);
        builder.Property(i => i.NormalizedEmail).HasMaxLength(AccountRules.MaxEmailLength);
        builder.Property(i => i.TokenHash).HasMaxLength(64);
        builder.HasIndex(i => i.TokenHash).IsUnique();
        builder.HasIndex(i => new { i.WorkspaceId, i.NormalizedEmail }).IsUnique();
        builder.HasOne<Workspace>().WithMany().HasForeignKey(i => i.WorkspaceId);
    }
}
