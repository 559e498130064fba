using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Runs;

/// <summary>Shows the events of a run to somebody who comes later, also over pauses and when the run changes its host.</summary>
public sealed class RunWatcher
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly IRunEventLog _events;
    private readonly TimeProvider _time;

    internal RunWatcher(IDbContextFactory<DifyDbContext> contexts, IRunEventLog events, TimeProvider time) =>
        (_contexts, _events, _time) = (contexts, events, time);

    /// <summary>
    /// The events of the present life from its beginning, then live ones, to the end or the next pause. A run that has
    /// ended gives its <c>workflow_finished</c>, one that is paused its <c>workflow_paused</c>.
    /// </summary>
    /// <param name="withSnapshot">First tell of all nodes that are stored as finished.</param>
    /// <param name="acrossPauses">Go on watching when the run pauses.</param>
    public async IAsyncEnumerable<RunEvent> WatchAsync(
        Guid runId, bool withSnapshot = false, bool acrossPauses = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        if (withSnapshot)
        {
            await foreach (var happened in SnapshotAsync(runId, told, cancellationToken))
            {
                yield return happened;
            }
        }

        var toldPauseOfLife = 0;
        while (await FindAsync(runId, cancellationToken) is { } run)
        {
            var last = "";
            if (run.Status == RunStatus.Running)
            {
                if (await _events.ExistsAsync(runId, cancellationToken))
                {
                    await foreach (var happened in _events.WatchAsync(runId, 0, cancellationToken))
                    {
                        last = happened.Name;
                        if (!IsTold(happened, told))
                        {
                            yield return happened;
                        }
                    }
                }
            }
            else if (run.Status != RunStatus.Paused)
            {
                yield return ToEvent(RunEvents.Finished(run));
                yield break;
            }
            else if (toldPauseOfLife != run.Life)
            {
                last = RunEvents.WorkflowPaused;
                yield return ToEvent(RunEvents.Paused(run, [.. StoredJson.ReadList(run.PauseReasons ?? "[]").OfType<JsonObject>()]));
            }

            if (last == RunEvents.WorkflowFinished || (last == RunEvents.WorkflowPaused && !acrossPauses))
            {
                yield break;
            }

            toldPauseOfLife = last == RunEvents.WorkflowPaused ? run.Life : toldPauseOfLife;
            await Task.Delay(LookAgainAfter, _time, cancellationToken);
        }
    }

    private async IAsyncEnumerable<RunEvent> SnapshotAsync(
        Guid runId, HashSet<string> told, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await FindAsync(runId, cancellationToken) is not { } run)
        {
            yield break;
        }

        List<NodeExecution> nodes;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            nodes = await db.NodeExecutions.AsNoTracking().Where(node => node.RunId == runId && node.FinishedAt != null)
                .OrderBy(node => node.Index).ToListAsync(cancellationToken);
        }

        told.Add(RunEvents.WorkflowStarted);
        yield return ToEvent(RunEvents.Started(run));
        foreach (var node in nodes)
        {
            told.Add(node.Id.ToString());
            yield return ToEvent(RunEvents.Write(RunEvents.NodeStarted, run, RunWire.Started(node)));
            yield return ToEvent(RunEvents.Write(RunEvents.NodeFinished, run, RunWire.Finished(node)));
        }
    }

    private static bool IsTold(RunEvent happened, HashSet<string> told)
    {
        if (told.Count == 0)
        {
            return false;
        }

        return happened.Name switch
        {
            RunEvents.WorkflowStarted => told.Remove(RunEvents.WorkflowStarted),
            RunEvents.NodeStarted or RunEvents.NodeFinished =>
                JsonNode.Parse(happened.Json)?["data"]?["id"]?.ToString() is { } id && told.Contains(id),
            _ => false,
        };
    }

    private async Task<WorkflowRun?> FindAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.WorkflowRuns.AsNoTracking().FirstOrDefaultAsync(run => run.Id == runId, cancellationToken);
    }

    /// <summary>Numbers belong to the log of one life, so what is told over several has none.</summary>
    private static RunEvent ToEvent(WireEvent told) => new(0, told.Name, told.Json);
}
