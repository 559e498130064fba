using Microsoft.Extensions.Logging;
using Quartz;

namespace Dify.Core.Jobs;

/// <summary>
/// Puts work on the durable queue. A queued job outlives the process; a job that was running when its process died is
/// not started again by the queue, so its owner looks for unfinished work (see <see cref="IsQueuedAsync{TJob}"/>).
/// </summary>
public sealed partial class JobQueue(ISchedulerFactory schedulers, JobStoreFile store, ILogger<JobQueue> logger)
    : IDisposable, IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly HashSet<string> _known = [];
    private IScheduler? _scheduler;

    /// <summary>Queues a job; one that is already queued or running under the same key is left as it is.</summary>
    /// <param name="key">Names this piece of work among the jobs of its type.</param>
    /// <param name="data">Values that the job reads; ids only, no content.</param>
    /// <param name="notBefore">Null: at once.</param>
    public async Task EnqueueAsync<TJob>(
        string key, IReadOnlyDictionary<string, string> data, DateTimeOffset? notBefore = null,
        CancellationToken cancellationToken = default)
        where TJob : IJob
    {
        ArgumentNullException.ThrowIfNull(data);
        var type = typeof(TJob).Name;
        var scheduler = await GetSchedulerAsync(cancellationToken);
        await DeclareAsync<TJob>(scheduler, type, cancellationToken);

        var trigger = TriggerBuilder.Create()
            .WithIdentity(key, type)
            .ForJob(type);
        foreach (var (name, value) in data)
        {
            trigger = trigger.UsingJobData(name, value);
        }

        trigger = notBefore is { } instant ? trigger.StartAt(instant) : trigger.StartNow();
        try
        {
            await scheduler.ScheduleJob(trigger.Build(), default, cancellationToken);
        }
        catch (ObjectAlreadyExistsException)
        {
            LogAlreadyQueued(type, key);
        }
    }

    /// <summary>Whether a job waits or runs under this key, in any process that shares the store.</summary>
    public async Task<bool> IsQueuedAsync<TJob>(string key, CancellationToken cancellationToken = default)
        where TJob : IJob
    {
        var scheduler = await GetSchedulerAsync(cancellationToken);
        return await scheduler.Exists(new TriggerKey(key, typeof(TJob).Name), cancellationToken);
    }

    /// <summary>Whether the queue's store answers; for the readiness check.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var scheduler = await GetSchedulerAsync(cancellationToken);
            _ = await scheduler.Exists(new JobKey("readiness"), cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is SchedulerException or System.Data.Common.DbException or IOException)
        {
            return false;
        }
    }

    /// <summary>Starts running jobs in this process; on return, what a dead process left behind has been tidied up.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var scheduler = await GetSchedulerAsync(cancellationToken);
        await scheduler.Start(cancellationToken);
    }

    /// <summary>Stops running jobs: those in work are cancelled and waited for.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _scheduler, null) is { } scheduler)
        {
            await scheduler.Shutdown(true, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Dispose();
    }

    public void Dispose() => _gate.Dispose();

    private async ValueTask<IScheduler> GetSchedulerAsync(CancellationToken cancellationToken)
    {
        if (_scheduler is { } made)
        {
            return made;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_scheduler is null)
            {
                await store.PrepareAsync(cancellationToken);
                _scheduler = await schedulers.GetScheduler(cancellationToken);
            }

            return _scheduler;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stores the durable job that all triggers of a type point to, once a process.</summary>
    private async Task DeclareAsync<TJob>(IScheduler scheduler, string type, CancellationToken cancellationToken)
        where TJob : IJob
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_known.Contains(type))
            {
                var job = JobBuilder.Create<TJob>().WithIdentity(type).StoreDurably().Build();
                await scheduler.AddJob(job, AddJobOptions.Replacing, cancellationToken);
                _known.Add(type);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Job} {Key} is queued already")]
    private partial void LogAlreadyQueued(string job, string key);
}
