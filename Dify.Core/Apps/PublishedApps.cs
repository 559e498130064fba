using System.Collections.Concurrent;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Apps;

/// <summary>
/// What callers of an app reach, read once and kept for some seconds: a change counts at once on this host and within
/// seconds on others. The entities are shared, so nobody may change them.
/// </summary>
public sealed class PublishedApps(IDbContextFactory<DifyDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, KnownApp> _known = [];
    private long _changes;

    /// <summary>The app by its id, published or not; null when there is none.</summary>
    public async ValueTask<App?> FindAsync(Guid appId, CancellationToken cancellationToken = default)
    {
        if (_known.TryGetValue(appId, out var known) && time.GetElapsedTime(known.ReadAt) < TrustedFor)
        {
            return known.App;
        }

        var changes = Interlocked.Read(ref _changes);
        var readAt = time.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var app = await db.Apps.AsNoTracking().FirstOrDefaultAsync(a => a.Id == appId, cancellationToken);
        if (app is not null && changes == Interlocked.Read(ref _changes))
        {
            _known[appId] = new KnownApp(app, readAt);
        }
        else
        {
            _known.TryRemove(appId, out _);
        }

        return app;
    }

    internal void Forget(Guid appId)
    {
        Interlocked.Increment(ref _changes);
        _known.TryRemove(appId, out _);
    }

    private sealed record KnownApp(App App, long ReadAt);
}
