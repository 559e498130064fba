using System.Data.Common;
using Dify.Core.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Dify.Core.Knowledge.Ingestion;

/// <summary>Looks for unfinished documents without a job when the queue has started, and every minute after.</summary>
internal sealed partial class IndexingRecovery(
    JobRunner runner, IndexingQueue queue, TimeProvider time, ILogger<IndexingRecovery> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await runner.Started.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await queue.RecoverAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is SchedulerException or DbException)
            {
                LogFailed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "Looking for unfinished documents failed; the next check tries again")]
    private partial void LogFailed(Exception exception);
}
