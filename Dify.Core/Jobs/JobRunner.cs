using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dify.Core.Jobs;

/// <summary>Starts the queue once the program answers requests, so that it never delays the start.</summary>
internal sealed partial class JobRunner(
    JobQueue queue, IOptions<JobOptions> options, IHostApplicationLifetime lifetime, ILogger<JobRunner> logger) : BackgroundService
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when jobs run in this process; never, where they are switched off.</summary>
    public Task Started => _started.Task;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await queue.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            LogSwitchedOff();
            return;
        }

        await ApplicationStartedAsync(stoppingToken);
        await queue.StartAsync(stoppingToken);
        _started.TrySetResult();
    }

    private async Task ApplicationStartedAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var onStart = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "This process queues jobs but runs none (Jobs:Enabled is false)")]
    private partial void LogSwitchedOff();
}
