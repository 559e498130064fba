using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Apps;

/// <summary>Workflows and runs go with their app. Workflows does not know apps, so the tie is made here.</summary>
internal sealed class AppRunConfiguration
    : IEntityTypeConfiguration<WorkflowRun>, IEntityTypeConfiguration<Workflow>, IEntityTypeConfiguration<WorkflowVersion>
{
    public void Configure(EntityTypeBuilder<Workflow> builder) =>
        builder.HasOne<App>().WithOne().HasForeignKey<Workflow>(workflow => workflow.AppId).OnDelete(DeleteBehavior.Cascade);

    public void Configure(EntityTypeBuilder<WorkflowVersion> builder) =>
        builder.HasOne<App>().WithMany().HasForeignKey(version => version.AppId).OnDelete(DeleteBehavior.Cascade);

    public void Configure(EntityTypeBuilder<WorkflowRun> builder) =>
        builder.HasOne<App>().WithMany().HasForeignKey(run => run.AppId).OnDelete(DeleteBehavior.Cascade);
}
