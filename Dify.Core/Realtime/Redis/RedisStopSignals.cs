using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Dify.Core.Realtime.Redis;

/// <summary>
/// A publication reaches the process that runs; a key that stays for some minutes reaches a run that registers only
/// after it was told to stop. Runs of this process are stopped without asking Redis.
/// </summary>
internal sealed partial class RedisStopSignals(RedisConnection redis, ILogger<RedisStopSignals> logger)
    : IStopSignals, IDisposable
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("dify:stop");
    private static readonly TimeSpan KeepStop = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, CancellationTokenSource> _running = new();
    private readonly SemaphoreSlim _subscribing = new(1);
    private bool _isSubscribed;

    public StopRegistration Register(Guid runId)
    {
        var source = _running.GetOrAdd(runId, static _ => new CancellationTokenSource());
        _ = ListenAsync(runId);
        return new StopRegistration(() => _running.TryRemove(runId, out _), source.Token);
    }

    public async ValueTask StopAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        if (await StopHereAsync(runId))
        {
            return;
        }

        var database = await redis.GetDatabaseAsync();
        await database.StringSetAsync(Key(runId), "1", KeepStop);
        await database.PublishAsync(Channel, runId.ToString("N"));
    }

    public void Dispose() => _subscribing.Dispose();

    private async Task ListenAsync(Guid runId)
    {
        try
        {
            await SubscribeAsync();
            var database = await redis.GetDatabaseAsync();
            if (await database.KeyExistsAsync(Key(runId)))
            {
                await StopHereAsync(runId);
            }
        }
        catch (RedisException problem)
        {
            LogDeaf(problem, runId);
        }
    }

    private async Task SubscribeAsync()
    {
        await _subscribing.WaitAsync();
        try
        {
            if (!_isSubscribed)
            {
                var subscriber = await redis.GetSubscriberAsync();
                await subscriber.SubscribeAsync(Channel, (channel, id) => _ = OnStopAsync(id));
                _isSubscribed = true;
            }
        }
        finally
        {
            _subscribing.Release();
        }
    }

    private async Task OnStopAsync(RedisValue id)
    {
        if (Guid.TryParse((string?)id, out var runId))
        {
            await StopHereAsync(runId);
        }
    }

    private async ValueTask<bool> StopHereAsync(Guid runId)
    {
        if (!_running.TryGetValue(runId, out var source))
        {
            return false;
        }

        await source.CancelAsync();
        return true;
    }

    private static RedisKey Key(Guid runId) => $"dify:run:{runId:N}:stop";

    [LoggerMessage(LogLevel.Warning, "Redis is away: run {RunId} can be stopped from this process only")]
    private partial void LogDeaf(Exception exception, Guid runId);
}
