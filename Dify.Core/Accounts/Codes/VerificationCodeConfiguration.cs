using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Accounts.Codes;

internal static class VerificationCodeSets
{
    extension(DifyDbContext db)
    {
        public DbSet<VerificationCode> VerificationCodes => db.Set<VerificationCode>();
    }
}

internal sealed class VerificationCodeConfiguration : IEntityTypeConfiguration<VerificationCode>
{
    public void Configure(EntityTypeBuilder<VerificationCode> builder)
    {
        builder.ToTable("verification_codes");
        builder.Property(c => c.Purpose).HasConversion<string>().HasMaxLength(20);
        builder.Property(c => c.Email).HasMaxLength(AccountRules.MaxEmailLength);
        builder.Property(c => c.NormalizedEmail).HasMaxLength(AccountRules.MaxEmailLength);
        builder.Property(c => c.TokenHash).HasMaxLength(64);
        builder.Property(c => c.CodeHash).HasMaxLength(64);
        builder.HasIndex(c => c.TokenHash).IsUnique();
        builder.HasIndex(c => new { c.NormalizedEmail, c.Purpose });
        builder.HasIndex(c => c.ExpiresAt);
    }
}
