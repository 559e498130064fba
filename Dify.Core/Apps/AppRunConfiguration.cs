using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Apps;

/// <summary>Runs go with their app. Workflows does not know apps, so the tie is made here.</summary>
internal sealed class AppRunConfiguration : IEntityTypeConfiguration<WorkflowRun>
{
    public void Configure(EntityTypeBuilder<WorkflowRun> builder) =>
        builder.HasOne<App>().WithMany().HasForeignKey(run => run.AppId).OnDelete(DeleteBehavior.Cascade);
}
