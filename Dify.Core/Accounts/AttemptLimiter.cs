using System.Collections.Concurrent;
using Dify.Core.Common;

namespace Dify.Core.Accounts;

/// <summary>Counts attempts a key in fixed windows, in this process. It holds only keys of running windows.</summary>
internal sealed class AttemptLimiter(TimeProvider time)
{
    private const int PruneAbove = 10_000;
    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>Counts one attempt.</summary>
    /// <exception cref="DifyException">429 when the key has used its attempts up.</exception>
    public void Take(string key, int limit, TimeSpan window)
    {
        Prune();
        var now = time.GetUtcNow();
        var current = _windows.AddOrUpdate(
            key,
            _ => new Window(now + window, 1),
            (_, old) => old.EndsAt <= now ? new Window(now + window, 1) : old with { Count = old.Count + 1 });
        if (current.Count > limit)
        {
            throw TooMany(current.EndsAt - now);
        }
    }

    /// <summary>Refuses without counting.</summary>
    /// <exception cref="DifyException">429 when the key has used its attempts up.</exception>
    public void Check(string key, int limit)
    {
        var now = time.GetUtcNow();
        if (_windows.TryGetValue(key, out var current) && current.EndsAt > now && current.Count >= limit)
        {
            throw TooMany(current.EndsAt - now);
        }
    }

    /// <summary>Counts one attempt and never refuses.</summary>
    public void Count(string key, TimeSpan window) => Take(key, int.MaxValue, window);

    private static DifyException TooMany(TimeSpan wait) => new(
        ErrorCodes.TooManyRequests, "There were too many attempts. Wait a few minutes and try again.", 429)
    {
        RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
    };

    private void Prune()
    {
        if (_windows.Count < PruneAbove)
        {
            return;
        }

        var now = time.GetUtcNow();
        foreach (var (key, window) in _windows)
        {
            if (window.EndsAt <= now)
            {
                _windows.TryRemove(key, out _);
            }
        }
    }

    private sealed record Window(DateTimeOffset EndsAt, int Count);
}
