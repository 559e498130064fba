using Dify.Core.Storage;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Workflows.Forms;

public static class FormSets
{
    extension(DifyDbContext db)
    {
        public DbSet<HumanInputForm> HumanInputForms => db.Set<HumanInputForm>();
    }
}

internal sealed class FormConfiguration : IEntityTypeConfiguration<HumanInputForm>
{
    public void Configure(EntityTypeBuilder<HumanInputForm> builder)
    {
        builder.ToTable("human_input_forms");
        builder.Property(form => form.NodeId).HasMaxLength(255);
        builder.Property(form => form.Token).HasMaxLength(64);
        builder.Property(form => form.Status).HasConversion<string>().HasMaxLength(20);
        builder.Property(form => form.ActionId).HasMaxLength(255);
        builder.Property(form => form.SubmittedBy).HasMaxLength(255);
        builder.HasIndex(form => form.Token).IsUnique();
        builder.HasIndex(form => new { form.RunId, form.NodeId });
        builder.HasIndex(form => form.ExpiresAt, "ix_human_input_forms_waiting").HasFilter("\"Status\" = 'Waiting'");
        builder.HasOne<WorkflowRun>().WithMany().HasForeignKey(form => form.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
