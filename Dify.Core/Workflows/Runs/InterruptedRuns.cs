using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Runs;

/// <summary>Ends runs whose process is gone, so that none stays "running" for ever.</summary>
public sealed class InterruptedRuns(IDbContextFactory<DifyDbContext> contexts, TimeProvider time)
{
    public const string Reason = "The program stopped while this was running. Run it again.";

    /// <param name="startedBefore">
    /// With one process: the time of its own start. With several: so long ago that the time limit has ended the run.
    /// </param>
    /// <returns>How many were ended.</returns>
    public async Task<int> EndAsync(DateTimeOffset startedBefore, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WorkflowRuns
            .Where(run => run.Status == RunStatus.Running && run.CreatedAt < startedBefore)
            .ExecuteUpdateAsync(
                set => set.SetProperty(run => run.Status, RunStatus.Failed)
                    .SetProperty(run => run.Error, Reason)
                    .SetProperty(run => run.ErrorCode, ErrorCodes.InternalServerError)
                    .SetProperty(run => run.FinishedAt, now),
                cancellationToken);
    }
}
