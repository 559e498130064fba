using System.Globalization;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Dify.Core.Realtime.Redis;

/// <summary>
/// A stream for each run, numbered 0-1, 0-2, … by the server, and a publication that only wakes the watchers: what a
/// watcher reads always comes from the stream, so a lost publication costs time and never an event. Needs Redis 7.
/// </summary>
internal sealed class RedisRunEventLog(RedisConnection redis, TimeProvider time) : IRunEventLog
{
    private const string NameField = "name";
    private const string JsonField = "json";
    private const string EndMark = "$end";
    private const string DoneState = "done";
    private const int ReadAtOnce = 500;

    private static readonly TimeSpan KeepFinished = TimeSpan.FromMinutes(5);

    /// <summary>Longer than any run may take; for logs whose process died before it could end them.</summary>
    private static readonly TimeSpan KeepOpen = TimeSpan.FromHours(2);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    public async ValueTask OpenAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        var database = await redis.GetDatabaseAsync();
        if (await database.StringSetAndGetAsync(StateKey(runId), "open", KeepOpen) == DoneState)
        {
            await database.KeyDeleteAsync(StreamKey(runId));
        }
    }

    public async ValueTask AppendAsync(Guid runId, string name, string json, CancellationToken cancellationToken = default)
    {
        var database = await redis.GetDatabaseAsync();
        var adding = AddAsync(database, runId, name, json);
        await database.PublishAsync(Channel(runId), RedisValue.EmptyString, CommandFlags.FireAndForget);
        if (await adding == "0-1")
        {
            await database.KeyExpireAsync(StreamKey(runId), KeepOpen);
        }
    }

    public async ValueTask CompleteAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        var database = await redis.GetDatabaseAsync();
        await AddAsync(database, runId, EndMark, "");
        await database.KeyExpireAsync(StreamKey(runId), KeepFinished);
        await database.StringSetAsync(StateKey(runId), DoneState, KeepFinished);
        await database.PublishAsync(Channel(runId), RedisValue.EmptyString);
    }

    public async ValueTask<bool> ExistsAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        var database = await redis.GetDatabaseAsync();
        return await database.KeyExistsAsync(StateKey(runId));
    }

    public async IAsyncEnumerable<RunEvent> WatchAsync(
        Guid runId, long afterNumber = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var database = await redis.GetDatabaseAsync();
        var subscriber = await redis.GetSubscriberAsync();
        using var changed = new SemaphoreSlim(0);
        var wake = new Action<RedisChannel, RedisValue>((_, _) => Wake(changed));
        await subscriber.SubscribeAsync(Channel(runId), wake);
        try
        {
            var seen = Math.Max(0, afterNumber);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var known = await ExistsAsync(runId, cancellationToken);
                var entries = await database.StreamRangeAsync(
                    StreamKey(runId), string.Create(CultureInfo.InvariantCulture, $"(0-{seen}"), "+", ReadAtOnce);
                foreach (var entry in entries)
                {
                    string name = entry[NameField]!;
                    if (name == EndMark)
                    {
                        yield break;
                    }

                    seen = long.Parse(((string)entry.Id!).AsSpan(2), CultureInfo.InvariantCulture);
                    yield return new RunEvent(seen, name, entry[JsonField]!);
                }

                if (entries.Length > 0)
                {
                    continue;
                }

                if (!known)
                {
                    yield break;
                }

                await WaitAsync(changed, cancellationToken);
            }
        }
        finally
        {
            await subscriber.UnsubscribeAsync(Channel(runId), wake);
        }
    }

    private static Task<RedisValue> AddAsync(IDatabase database, Guid runId, string name, string json) =>
        database.StreamAddAsync(
            StreamKey(runId), [new NameValueEntry(NameField, name), new NameValueEntry(JsonField, json)], messageId: "0-*");

    private async Task WaitAsync(SemaphoreSlim changed, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(LookAgainAfter, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        await changed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void Wake(SemaphoreSlim changed)
    {
        try
        {
            if (changed.CurrentCount == 0)
            {
                changed.Release();
            }
        }
        catch (ObjectDisposedException)
        {
            // A last publication crossed the end of the watching.
        }
    }

    private static RedisKey StreamKey(Guid runId) => $"dify:run:{runId:N}:events";

    private static RedisKey StateKey(Guid runId) => $"dify:run:{runId:N}:state";

    private static RedisChannel Channel(Guid runId) => RedisChannel.Literal($"dify:run:{runId:N}");
}
