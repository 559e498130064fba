using Dify.Core.Storage;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Drafts;

/// <summary>Drafts as they were when they ran, once no run needs them any more.</summary>
internal sealed class OldSnapshots(IDbContextFactory<DifyDbContext> contexts) : IExpiringRecords
{
    public async Task<int> DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = db.WorkflowRuns;
        return await db.WorkflowVersions
            .Where(version => version.Kind == WorkflowVersionKind.Snapshot && version.CreatedAt < before
                && !runs.Any(run => run.AppId == version.AppId && run.VersionId == version.Id))
            .ExecuteDeleteAsync(cancellationToken);
    }
}
