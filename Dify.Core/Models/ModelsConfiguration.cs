using System.Text.Json;
using Dify.Core.Common;
using Dify.Core.Models.Calls;
using Dify.Core.Models.Credentials;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Models;

public static class ModelSets
{
    extension(DifyDbContext db)
    {
        public DbSet<ProviderCredential> ProviderCredentials => db.Set<ProviderCredential>();

        public DbSet<DefaultModel> DefaultModels => db.Set<DefaultModel>();

        public DbSet<ModelCall> ModelCalls => db.Set<ModelCall>();
    }
}

internal sealed class ModelsConfiguration :
    IEntityTypeConfiguration<ProviderCredential>, IEntityTypeConfiguration<DefaultModel>, IEntityTypeConfiguration<ModelCall>
{
    private const int NameLength = 200;

    public void Configure(EntityTypeBuilder<ProviderCredential> builder)
    {
        builder.ToTable("provider_credentials");
        builder.Property(c => c.Provider).HasMaxLength(60);
        builder.HasIndex(c => new { c.WorkspaceId, c.Provider }).IsUnique();
        builder.Property(c => c.Version).IsConcurrencyToken();
        builder.Property(c => c.Hints).HasConversion(
            hints => JsonSerializer.Serialize(hints, JsonDefaults.Wire),
            json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonDefaults.Wire)!,
            new ValueComparer<Dictionary<string, string>>(
                (a, b) => a!.Count == b!.Count && !a.Except(b).Any(), hints => hints.Count, hints => new(hints)));
        builder.Property(c => c.ListedModels).HasConversion(
            models => JsonSerializer.Serialize(models, JsonDefaults.Wire),
            json => JsonSerializer.Deserialize<List<string>>(json, JsonDefaults.Wire)!,
            new ValueComparer<List<string>>((a, b) => a!.SequenceEqual(b!), models => models.Count, models => new(models)));
    }

    public void Configure(EntityTypeBuilder<DefaultModel> builder)
    {
        builder.ToTable("default_models");
        builder.HasKey(m => new { m.WorkspaceId, m.Type });
        builder.Property(m => m.Type).HasConversion<string>().HasMaxLength(20);
        builder.Property(m => m.Provider).HasMaxLength(60);
        builder.Property(m => m.Name).HasMaxLength(NameLength);
    }

    public void Configure(EntityTypeBuilder<ModelCall> builder)
    {
        builder.ToTable("model_calls");
        builder.Property(c => c.Provider).HasMaxLength(60);
        builder.Property(c => c.Model).HasMaxLength(NameLength);
        builder.Property(c => c.Type).HasConversion<string>().HasMaxLength(20);
        builder.Property(c => c.Outcome).HasConversion<string>().HasMaxLength(20);
        builder.Property(c => c.Currency).HasMaxLength(10);
        builder.Property(c => c.ErrorCode).HasMaxLength(60);
        builder.Property(c => c.Price).HasPrecision(20, 10);
        builder.HasIndex(c => new { c.WorkspaceId, c.StartedAt });
    }
}
