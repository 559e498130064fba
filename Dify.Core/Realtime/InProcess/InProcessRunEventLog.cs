using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Dify.Core.Realtime.InProcess;

/// <summary>
/// Keeps events in memory. Finished runs stay for <see cref="KeepFinished"/>, the oldest of them leave earlier when
/// all together hold more than <see cref="MaxFinishedCharacters"/>.
/// </summary>
internal sealed class InProcessRunEventLog : IRunEventLog, IDisposable
{
    public static readonly TimeSpan KeepFinished = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, RunLog> _logs = new();
    private readonly Queue<(Guid RunId, RunLog Log, long FinishedAt)> _finished = new();
    private readonly Lock _finishedLock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private long _finishedCharacters;

    public InProcessRunEventLog(TimeProvider time)
    {
        _time = time;
        _sweep = time.CreateTimer(
            static state => ((InProcessRunEventLog)state!).Sweep(), this,
            TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
    }

    /// <summary>Characters of the JSON of all finished runs that may stay in memory; an emptied run costs nothing.</summary>
    public long MaxFinishedCharacters { get; init; } = 24 * 1024 * 1024;

    public ValueTask OpenAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        _logs.AddOrUpdate(runId, static _ => new RunLog(), static (_, known) => known.IsCompleted ? new RunLog() : known);
        return ValueTask.CompletedTask;
    }

    public ValueTask AppendAsync(Guid runId, string name, string json, CancellationToken cancellationToken = default)
    {
        if (!_logs.TryGetValue(runId, out var log))
        {
            throw new InvalidOperationException($"The event log of run {runId} was never opened or has been dropped.");
        }

        log.Append(name, json);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        if (_logs.TryGetValue(runId, out var log) && log.Complete())
        {
            lock (_finishedLock)
            {
                _finished.Enqueue((runId, log, _time.GetTimestamp()));
                _finishedCharacters += log.Characters;
            }

            Sweep();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> ExistsAsync(Guid runId, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(_logs.ContainsKey(runId));

    public async IAsyncEnumerable<RunEvent> WatchAsync(
        Guid runId, long afterNumber = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!_logs.TryGetValue(runId, out var log))
        {
            yield break;
        }

        // Waking every watcher of the run when one of them leaves is cheaper than a cancellable wait an event.
        using var registration = cancellationToken.UnsafeRegister(static state => ((RunLog)state!).Wake(), log);
        var next = (int)Math.Clamp(afterNumber, 0, int.MaxValue);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var completed = log.IsCompleted;
            var available = log.Count;
            while (next < available)
            {
                yield return log[next++];
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (completed)
            {
                yield break;
            }

            await log.WaitBeyond(next, cancellationToken);
        }
    }

    public void Dispose() => _sweep.Dispose();

    private void Sweep()
    {
        lock (_finishedLock)
        {
            while (_finished.TryPeek(out var oldest)
                && (_finishedCharacters > MaxFinishedCharacters
                    || _time.GetElapsedTime(oldest.FinishedAt) >= KeepFinished))
            {
                _finished.Dequeue();
                _finishedCharacters -= oldest.Log.Characters;
                _logs.TryRemove(KeyValuePair.Create(oldest.RunId, oldest.Log));
            }
        }
    }
}
