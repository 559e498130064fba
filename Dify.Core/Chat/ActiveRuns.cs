using System.Collections.Concurrent;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Dify.Core.Chat;

/// <summary>The answers that this process is writing now: kept alive, checkpointed, and ended at shutdown.</summary>
internal sealed class ActiveRuns : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, AnswerRun> _runs = [];
    private readonly CancellationTokenSource _shutdown = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly WriteBatcher _writes;
    private readonly TimeProvider _time;

    public ActiveRuns(WriteBatcher writes, TimeProvider time, IHostApplicationLifetime? lifetime = null)
    {
        _writes = writes;
        _time = time;
        _stopping = lifetime?.ApplicationStopping.Register(_shutdown.Cancel) ?? default;
    }

    /// <summary>Cancelled when the process ends.</summary>
    public CancellationToken Shutdown => _shutdown.Token;

    public AnswerRun? Find(Guid runId) => _runs.GetValueOrDefault(runId);

    public void Add(AnswerRun run) => _runs[run.Id] = run;

    public void Remove(AnswerRun run) => _runs.TryRemove(run.Id, out _);

    /// <summary>
    /// Stores how far each answer has come, in one group commit, so that a crash loses seconds at most; also the sign
    /// of life that keeps other hosts from ending the message.
    /// </summary>
    public async Task CheckpointAsync()
    {
        var runs = _runs.Values.ToList();
        if (runs.Count == 0)
        {
            return;
        }

        var now = _time.GetUtcNow();
        await _writes.WriteAsync(async (db, token) =>
        {
            foreach (var run in runs)
            {
                var messageId = run.MessageId;
                var running = db.Messages.Where(m => m.Id == messageId && m.Status == MessageStatus.Running);
                if (run.TakeGrownAnswer() is { } answer)
                {
                    await running.ExecuteUpdateAsync(
                        set => set.SetProperty(m => m.Answer, answer).SetProperty(m => m.AliveAt, now), token);
                }
                else
                {
                    await running.ExecuteUpdateAsync(set => set.SetProperty(m => m.AliveAt, now), token);
                }
            }
        });
    }

    /// <summary>Ends every answer with what it has, and waits until that is stored.</summary>
    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync();
        foreach (var run in _runs.Values.ToList())
        {
            await ((Task)run.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stopping.DisposeAsync();
    }
}
