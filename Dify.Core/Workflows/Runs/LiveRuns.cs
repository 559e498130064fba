using System.Collections.Concurrent;
using System.Threading.Channels;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Dify.Core.Workflows.Runs;

/// <summary>The journalled runs that this process works on now: kept alive, and let go when the process ends.</summary>
public sealed class LiveRuns : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, Task> _runs = [];
    private readonly Channel<Guid> _paused = Channel.CreateUnbounded<Guid>();
    private readonly CancellationTokenSource _shutdown = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly WriteBatcher _writes;
    private readonly TimeProvider _time;

    public LiveRuns(WriteBatcher writes, TimeProvider time, IHostApplicationLifetime? lifetime = null)
    {
        _writes = writes;
        _time = time;
        _stopping = lifetime?.ApplicationStopping.Register(_shutdown.Cancel) ?? default;
    }

    /// <summary>Cancelled when the process ends; runs then stop working and are let go.</summary>
    public CancellationToken Shutdown => _shutdown.Token;

    /// <summary>Runs that have just been stored as paused: their answer may have come a moment too early.</summary>
    internal ChannelReader<Guid> Paused => _paused.Reader;

    public bool Contains(Guid runId) => _runs.ContainsKey(runId);

    /// <param name="completion">Ends when nothing more is stored.</param>
    public void Add(Guid runId, Task completion) => _runs[runId] = completion;

    public void Remove(Guid runId, bool isPaused)
    {
        _runs.TryRemove(runId, out _);
        if (isPaused)
        {
            _paused.Writer.TryWrite(runId);
        }
    }

    /// <summary>The sign of life that keeps other hosts from taking the runs over, in one statement.</summary>
    public async Task KeepAliveAsync()
    {
        var ids = _runs.Keys.ToList();
        if (ids.Count == 0)
        {
            return;
        }

        var now = _time.GetUtcNow();
        await _writes.WriteAsync(async (db, token) =>
        {
            var runs = db.WorkflowRuns;
            await runs.Where(run => ids.Contains(run.Id) && run.Status == RunStatus.Running)
                .ExecuteUpdateAsync(set => set.SetProperty(run => run.AliveAt, now), token);
        });
    }

    /// <summary>Lets every run go, and waits until that is stored.</summary>
    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync();
        foreach (var completion in _runs.Values.ToList())
        {
            await completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stopping.DisposeAsync();
    }
}
