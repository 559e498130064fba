using System.Collections.Concurrent;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workspaces.ApiKeys;

/// <summary>Makes, lists, revokes and checks keys of the service API.</summary>
public sealed class ApiKeyService(IDbContextFactory<DifyDbContext> contexts, WriteBatcher writes, TimeProvider time)
{
    private const int KeysPerOwner = 50;
    private static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, KnownKey> _known = new(StringComparer.Ordinal);

    /// <summary>Makes a key; the returned token is the only copy.</summary>
    /// <param name="appId">The app of an app key; the caller has checked that it is one of the workspace.</param>
    public async Task<(ApiKey Key, string Token)> CreateAsync(
        Actor actor, ApiKeyKind kind, Guid? appId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.ManageApiKeys);
        CheckOwner(kind, appId);

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await Of(db, actor, kind, appId).CountAsync(cancellationToken) >= KeysPerOwner)
        {
            throw DifyException.Invalid($"There are {KeysPerOwner} keys already. Delete one that is not used.");
        }

        var token = ApiKeyToken.Create(kind);
        var key = new ApiKey
        {
            WorkspaceId = actor.WorkspaceId,
            Kind = kind,
            AppId = appId,
            TokenHash = ApiKeyToken.Hash(token),
            Hint = ApiKeyToken.Hint(token),
            CreatedBy = actor.AccountId,
            CreatedAt = time.GetUtcNow(),
        };
        db.Add(key);
        await db.SaveChangesAsync(cancellationToken);
        return (key, token);
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(
        Actor actor, ApiKeyKind kind, Guid? appId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.ManageApiKeys);
        CheckOwner(kind, appId);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Of(db, actor, kind, appId).OrderByDescending(k => k.CreatedAt).ToListAsync(cancellationToken);
    }

    /// <summary>Revokes a key: at once on this host, within seconds on others.</summary>
    public async Task DeleteAsync(Actor actor, Guid keyId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.ManageApiKeys);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var key = await db.ApiKeys.FirstOrDefaultAsync(
            k => k.Id == keyId && k.WorkspaceId == actor.WorkspaceId, cancellationToken)
            ?? throw DifyException.NotFound("API key not found.");
        db.Remove(key);
        await db.SaveChangesAsync(cancellationToken);
        _known.TryRemove(key.TokenHash, out _);
    }

    /// <summary>
    /// The key of a token, from a small in-process cache (a revoked key stops within seconds on other hosts and at
    /// once on this one); null when there is none. Compares hashes only.
    /// </summary>
    public async ValueTask<ApiKey?> FindAsync(string token, CancellationToken cancellationToken = default)
    {
        if (!ApiKeyToken.IsPlausible(token))
        {
            return null;
        }

        var hash = ApiKeyToken.Hash(token);
        if (_known.TryGetValue(hash, out var known) && time.GetElapsedTime(known.ReadAt) < TrustedFor)
        {
            return known.Key;
        }

        var readAt = time.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var key = await db.ApiKeys.AsNoTracking().FirstOrDefaultAsync(k => k.TokenHash == hash, cancellationToken);
        if (key is null)
        {
            _known.TryRemove(hash, out _);
            return null;
        }

        _known[hash] = new KnownKey(key, readAt);
        NoteUse(key);
        return key;
    }

    /// <summary>Forgets what is cached of an app's keys, whose rows have just been deleted.</summary>
    internal void ForgetApp(Guid appId)
    {
        foreach (var (hash, known) in _known)
        {
            if (known.Key.AppId == appId)
            {
                _known.TryRemove(hash, out _);
            }
        }
    }

    /// <summary>Lazily, at most once a minute and in the next group commit; nobody waits for it.</summary>
    private void NoteUse(ApiKey key)
    {
        var now = time.GetUtcNow();
        if (key.LastUsedAt is { } last && now - last < UseIsNotedEvery)
        {
            return;
        }

        key.LastUsedAt = now;
        var id = key.Id;
        _ = writes.WriteAsync(async (db, token) => await db.ApiKeys
            .Where(k => k.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), token));
    }

    private static IQueryable<ApiKey> Of(DifyDbContext db, Actor actor, ApiKeyKind kind, Guid? appId) =>
        db.ApiKeys.AsNoTracking().Where(k => k.WorkspaceId == actor.WorkspaceId && k.Kind == kind && k.AppId == appId);

    private static void CheckOwner(ApiKeyKind kind, Guid? appId)
    {
        if (kind == ApiKeyKind.App != appId.HasValue)
        {
            throw DifyException.Invalid("An app key belongs to an app, a knowledge key to none.");
        }
    }

    private sealed record KnownKey(ApiKey Key, long ReadAt);
}
