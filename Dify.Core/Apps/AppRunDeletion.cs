using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Apps;

/// <summary>Stops the workflows that still run in an app that is about to be deleted.</summary>
internal sealed class AppRunDeletion(IDbContextFactory<DifyDbContext> contexts, IStopSignals signals) : IAppDeletion
{
    public async ValueTask PrepareAsync(Guid appId, CancellationToken cancellationToken)
    {
        List<Guid> running;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            running = await db.WorkflowRuns.Where(run => run.AppId == appId && run.Status == RunStatus.Running)
                .Select(run => run.Id).ToListAsync(cancellationToken);
        }

        foreach (var runId in running)
        {
            await signals.StopAsync(runId, cancellationToken);
        }
    }
}
