using Dify.Core.Storage;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Workflows.Runs;

/// <summary>
/// Stores what one run does, so that it can go on in another life of the program; made by <see cref="RunJournals"/>.
/// <para>
/// A feature that runs graphs durably does five things. It begins a journal and stores its beginning, with rows of its
/// own in the same commit (<see cref="StoreBeginningAsync"/>). It gives the journal to the engine, and every event to
/// <see cref="Recorder"/>. It adds the run to <see cref="LiveRuns"/> while it works. It ends the journal, again with
/// rows of its own (<see cref="EndAsync"/>), or lets it go when the program ends (<see cref="LetGoAsync"/>). And it
/// brings an <see cref="IRunContinuation"/>, which is asked to go on when a run was left behind or its pause is over.
/// </para>
/// <para>
/// A node with effects outside is handed to the group commit at the moment it has ended, and no such node starts before
/// everything that ended is stored; others wait for the next of them or for the end. No connection is held in between.
/// </para>
/// </summary>
public sealed partial class RunJournal : IRunJournal
{
    private static readonly TimeSpan[] StoreAgainAfter =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(10)];

    private readonly GraphDefinition _graph;
    private readonly Dictionary<string, List<FinishedNode>> _earlier;
    private readonly WriteBatcher _writes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _life;
    private readonly Lock _lock = new();
    private readonly List<NodeExecution> _pending = [];
    private Task _begun = Task.CompletedTask;
    private Task _lastWrite = Task.CompletedTask;

    internal RunJournal(
        RunRecorder recorder, GraphDefinition graph, Dictionary<string, List<FinishedNode>> earlier, int lastIndex,
        WriteBatcher writes, TimeProvider time, ILogger logger)
    {
        Recorder = recorder;
        LastIndex = lastIndex;
        _life = recorder.Run.Life;
        (_graph, _earlier, _writes, _time, _logger) = (graph, earlier, writes, time, logger);
    }

    public RunRecorder Recorder { get; }

    public int LastIndex { get; }

    /// <summary>The run was taken over by another life of it, or deleted: this one has nothing more to say.</summary>
    public bool IsLost { get; private set; }

    private WorkflowRun Run => Recorder.Run;

    public IReadOnlyList<FinishedNode> FinishedIn(string path) => _earlier.TryGetValue(path, out var nodes) ? nodes : [];

    public ValueTask BeforeStartAsync(NodeDefinition node, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(node);
        return DurableNodes.ActsOutside(node.Type) ? new ValueTask(FlushAsync()) : ValueTask.CompletedTask;
    }

    public void Record(string path, FinishedNode finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        if (Recorder.Record(path, finished, _graph) is not { } row)
        {
            return;
        }

        lock (_lock)
        {
            _pending.Add(row);
        }

        if (DurableNodes.ActsOutside(finished.NodeType))
        {
            // What fails here is tried again before the next node with effects, and at the end.
            _ = FlushAsync().ContinueWith(
                static flushing => _ = flushing.Exception, CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Inserts the run. The engine may start meanwhile; nothing else is stored before.</summary>
    /// <param name="also">Staged in the same transaction.</param>
    public Task StoreBeginningAsync(Action<DifyDbContext>? also = null)
    {
        var beginning = Run.Copy();
        return _begun = _writes.WriteAsync(db =>
        {
            db.Entry(beginning).State = EntityState.Added;
            also?.Invoke(db);
        });
    }

    /// <summary>
    /// Stores the outcome (or the pause) that <see cref="Recorder"/> has, with all nodes that are not stored yet, in one
    /// commit. Tried again for some seconds when the store is away; the outcome matters more than the nodes.
    /// </summary>
    /// <param name="also">Staged in the same transaction; called again when the commit is repeated.</param>
    /// <returns>False when <see cref="IsLost"/>.</returns>
    public async Task<bool> EndAsync(Action<DifyDbContext>? also = null)
    {
        var writing = InTurnAsync(() => WriteEndAsync(also));
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (IsLost)
        {
            LogLost(Run.Id);
            return false;
        }

        await writing;
        return true;
    }

    /// <summary>Stores what has finished and marks the run as left, so that the next life takes it over at once.</summary>
    public async Task LetGoAsync()
    {
        var writing = InTurnAsync(async () =>
        {
            await _begun;
            var rows = TakePending();
            await _writes.WriteAsync(async (db, token) =>
            {
                await TouchAsync(db, DateTimeOffset.UnixEpoch, token);
                Add(db, rows);
            });
        });
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!writing.IsCompletedSuccessfully)
        {
            // The next life notices the silence and runs again what is not stored.
            LogStoreFailed(writing.Exception, Run.Id);
        }
    }

    private Task FlushAsync()
    {
        lock (_lock)
        {
            if (_pending.Count == 0 && _lastWrite.IsCompletedSuccessfully && _begun.IsCompletedSuccessfully)
            {
                return Task.CompletedTask;
            }
        }

        return InTurnAsync(WritePendingAsync);
    }

    /// <summary>One write of a run at a time, in order.</summary>
    private Task InTurnAsync(Func<Task> write)
    {
        lock (_lock)
        {
            return _lastWrite = AfterAsync(_lastWrite, write);
        }

        static async Task AfterAsync(Task before, Func<Task> write)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await write();
        }
    }

    private async Task WriteEndAsync(Action<DifyDbContext>? also)
    {
        await _begun;
        var rows = TakePending();
        if (Run.Status != RunStatus.Paused)
        {
            rows.AddRange(Recorder.TakeUnfinished());
        }

        var tries = 0;
        await WriteAsync(async (db, token) =>
        {
            await UpdateEndAsync(db, token);
            Add(db, tries++ < 2 ? rows : []);
            also?.Invoke(db);
        });
    }

    private async Task WritePendingAsync()
    {
        await _begun;
        var rows = TakePending();
        if (rows.Count == 0)
        {
            return;
        }

        var writing = WriteAsync(async (db, token) =>
        {
            await TouchAsync(db, _time.GetUtcNow(), token);
            Add(db, rows);
        });
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!writing.IsCompletedSuccessfully)
        {
            GiveBack(rows);
        }

        await writing;
    }

    private async Task WriteAsync(Func<DifyDbContext, CancellationToken, Task> write)
    {
        foreach (var pause in StoreAgainAfter)
        {
            var storing = _writes.WriteAsync(write);
            await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (storing.IsCompletedSuccessfully)
            {
                return;
            }

            if (IsLost)
            {
                throw new RunLostException();
            }

            LogStoreFailed(storing.Exception, Run.Id);
            await Task.Delay(pause, _time, CancellationToken.None);
        }

        await _writes.WriteAsync(write);
    }

    /// <summary>A sign of life that only this life of the run can give.</summary>
    private async Task TouchAsync(DifyDbContext db, DateTimeOffset aliveAt, CancellationToken cancellationToken)
    {
        var runs = db.WorkflowRuns;
        ThrowIfLost(await runs
            .Where(run => run.Id == Run.Id && run.Life == _life && run.Status == RunStatus.Running)
            .ExecuteUpdateAsync(
                set => set.SetProperty(run => run.AliveAt, aliveAt).SetProperty(run => run.Stalls, 0), cancellationToken));
    }

    private async Task UpdateEndAsync(DifyDbContext db, CancellationToken cancellationToken)
    {
        var runs = db.WorkflowRuns;
        var end = Run;
        var now = _time.GetUtcNow();
        ThrowIfLost(await runs
            .Where(run => run.Id == end.Id && run.Life == _life && run.Status == RunStatus.Running)
            .ExecuteUpdateAsync(
                set => set.SetProperty(run => run.Status, end.Status).SetProperty(run => run.Outputs, end.Outputs)
                    .SetProperty(run => run.PauseReasons, end.PauseReasons).SetProperty(run => run.Error, end.Error).SetProperty(run => run.ErrorCode, end.ErrorCode)
                    .SetProperty(run => run.ElapsedSeconds, end.ElapsedSeconds)
                    .SetProperty(run => run.TotalTokens, end.TotalTokens).SetProperty(run => run.TotalSteps, end.TotalSteps)
                    .SetProperty(run => run.ExceptionsCount, end.ExceptionsCount)
                    .SetProperty(run => run.FinishedAt, end.FinishedAt)
                    .SetProperty(run => run.AliveAt, now).SetProperty(run => run.Stalls, 0),
                cancellationToken));
        if (end.Status != RunStatus.Paused && _graph.Nodes.Any(node => node.Type == NodeTypes.HumanInput))
        {
            await db.WithdrawFormsAsync(end.Id, now, cancellationToken);
        }
    }

    private void ThrowIfLost(int rows)
    {
        if (rows == 0)
        {
            IsLost = true;
            throw new RunLostException();
        }
    }

    private static void Add(DifyDbContext db, List<NodeExecution> rows)
    {
        foreach (var row in rows)
        {
            db.Entry(row).State = EntityState.Added;
        }
    }

    private List<NodeExecution> TakePending()
    {
        lock (_lock)
        {
            List<NodeExecution> rows = [.. _pending];
            _pending.Clear();
            return rows;
        }
    }

    private void GiveBack(List<NodeExecution> rows)
    {
        lock (_lock)
        {
            _pending.InsertRange(0, rows);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Run {RunId} could not be stored yet")]
    private partial void LogStoreFailed(Exception? exception, Guid runId);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} was taken over or deleted while it worked here")]
    private partial void LogLost(Guid runId);
}
