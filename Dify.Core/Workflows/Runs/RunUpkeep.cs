using Dify.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Runs;

/// <summary>
/// Gives the sign of life of running runs, takes over those whose process is gone, and wakes paused ones that were
/// answered: no run stays "running" for ever.
/// </summary>
internal sealed class RunUpkeep(LiveRuns live, RunTakeOver takeOver, IOptions<StorageOptions> storage, TimeProvider time)
    : BackgroundService
{
    public static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    /// <summary>SQLite belongs to one process: what was running before it started was left behind.</summary>
    private DateTimeOffset _startedAt;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _startedAt = time.GetUtcNow();
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(KeepAsync(stoppingToken), ResumeAsync(stoppingToken));

    private async Task KeepAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        var ticks = 0;
        do
        {
            // A store that is away for a moment must not end this loop; the next tick tries again.
            await live.KeepAliveAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)TakeOverAsync(stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ticks++ % 10 == 0)
            {
                await ((Task)takeOver.ResumeAnsweredAsync(cancellationToken: stoppingToken))
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private Task<int> TakeOverAsync(CancellationToken stoppingToken)
    {
        var since = time.GetUtcNow() - SilentFor;
        return takeOver.TakeOverAsync(
            storage.Value.Kind == DatabaseKind.Sqlite && since < _startedAt ? _startedAt : since, stoppingToken);
    }

    private async Task ResumeAsync(CancellationToken stoppingToken)
    {
        await foreach (var runId in live.Paused.ReadAllAsync(stoppingToken))
        {
            await ((Task)takeOver.ResumeAnsweredAsync(runId, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
