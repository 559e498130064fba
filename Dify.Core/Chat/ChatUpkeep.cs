using Dify.Core.Storage;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Dify.Core.Chat;

/// <summary>
/// Keeps running answers safe: stores how far they have come every few seconds, and ends those whose process is gone,
/// so that no message stays "running" for ever.
/// </summary>
internal sealed class ChatUpkeep(
    ActiveRuns runs, IDbContextFactory<DifyDbContext> contexts, IOptions<StorageOptions> storage, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(30);

    /// <summary>SQLite belongs to one process: what is still running when it starts was cut off.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var cutOff = storage.Value.Kind == DatabaseKind.Sqlite ? TimeSpan.Zero : SilentFor;
        await EndSilentAsync(time.GetUtcNow() - cutOff, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Ends messages that are running by their row but have shown no life since <paramref name="since"/>. Those of
    /// chatflows have a journal, and go on with their run.
    /// </summary>
    public async Task<int> EndSilentAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = db.WorkflowRuns;
        return await db.Messages
            .Where(m => m.Status == MessageStatus.Running && m.AliveAt <= since
                && !runs.Any(run => run.Id == m.RunId && run.Status == RunStatus.Running))
            .ExecuteUpdateAsync(
                set => set.SetProperty(m => m.Status, MessageStatus.Error)
                    .SetProperty(m => m.Error, ChatErrors.Interrupted)
                    .SetProperty(m => m.ErrorCode, Common.ErrorCodes.InternalServerError)
                    .SetProperty(m => m.FinishedAt, now),
                cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckpointEvery, time);
        var ticks = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // A store that is away for a moment must not end this loop; the next tick tries again.
            await runs.CheckpointAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (++ticks % 10 == 0)
            {
                await ((Task)EndSilentAsync(time.GetUtcNow() - SilentFor, stoppingToken))
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
