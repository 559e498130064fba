using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Workflows.Runs;

public static class RunSets
{
    extension(DifyDbContext db)
    {
        public DbSet<WorkflowRun> WorkflowRuns => db.Set<WorkflowRun>();

        public DbSet<NodeExecution> NodeExecutions => db.Set<NodeExecution>();
    }
}

internal sealed class RunConfiguration : IEntityTypeConfiguration<WorkflowRun>, IEntityTypeConfiguration<NodeExecution>
{
    public void Configure(EntityTypeBuilder<WorkflowRun> builder)
    {
        builder.ToTable("workflow_runs");
        builder.Property(run => run.InvokeFrom).HasMaxLength(20);
        builder.Property(run => run.UserId).HasMaxLength(255);
        builder.Property(run => run.Status).HasConversion<string>().HasMaxLength(20);
        builder.Property(run => run.Trigger).HasConversion<string>().HasMaxLength(20);
        builder.HasIndex(run => new { run.AppId, run.CreatedAt });
        builder.HasIndex(run => new { run.AppId, run.Trigger, run.CreatedAt });
        builder.HasIndex(run => run.AliveAt, "ix_workflow_runs_running").HasFilter("\"Status\" = 'Running'");
        builder.HasIndex(run => run.AliveAt, "ix_workflow_runs_paused").HasFilter("\"Status\" = 'Paused'");
    }

    public void Configure(EntityTypeBuilder<NodeExecution> builder)
    {
        builder.ToTable("node_executions");
        builder.HasKey(node => new { node.RunId, node.Index });
        builder.Property(node => node.NodeId).HasMaxLength(255);
        builder.Property(node => node.NodeType).HasMaxLength(50);
        builder.Property(node => node.Path).HasMaxLength(500);
        builder.Property(node => node.IterationId).HasMaxLength(255);
        builder.Property(node => node.LoopId).HasMaxLength(255);
        builder.Property(node => node.Handle).HasMaxLength(255);
        builder.Property(node => node.Status).HasConversion<string>().HasMaxLength(20);
        builder.HasOne<WorkflowRun>().WithMany().HasForeignKey(node => node.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
