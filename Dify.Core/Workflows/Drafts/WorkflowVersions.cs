using System.Collections.Concurrent;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workspaces.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Drafts;

/// <summary>Versions ready to run, kept in memory: a version never changes. Which one is published is trusted for some seconds.</summary>
public sealed class WorkflowVersions(IDbContextFactory<DifyDbContext> contexts, SecretBox secrets, TimeProvider time)
{
    /// <summary>Characters of graphs that are kept parsed; the least used leave first.</summary>
    private const long MostCharacters = 32 * 1024 * 1024;

    private static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(5);

    private readonly ContentSeal _seal = new(secrets);
    private readonly ConcurrentDictionary<Guid, KnownVersion> _versions = [];
    private readonly ConcurrentDictionary<Guid, KnownPublication> _published = [];
    private readonly Lock _evicting = new();
    private long _publications;
    private long _uses;

    /// <summary>Null: there is no such version in this workspace.</summary>
    /// <exception cref="DifyException"><c>invalid_param</c> when its graph cannot be run.</exception>
    public async ValueTask<RunnableWorkflow?> FindAsync(Guid workspaceId, Guid versionId, CancellationToken cancellationToken = default)
    {
        if (_versions.TryGetValue(versionId, out var known))
        {
            known.LastUse = Interlocked.Increment(ref _uses);
            return known.Workflow.WorkspaceId == workspaceId ? known.Workflow : null;
        }

        WorkflowVersion? version;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            version = await db.WorkflowVersions.AsNoTracking()
                .FirstOrDefaultAsync(v => v.Id == versionId && v.WorkspaceId == workspaceId, cancellationToken);
        }

        if (version is null)
        {
            return null;
        }

        var content = _seal.Open(workspaceId, StoredContent.Of(version));
        var workflow = new RunnableWorkflow(
            version.Id, version.AppId, version.WorkspaceId, version.Kind, GraphDefinition.Parse(content.Graph), content.Features,
            content.EnvironmentVariables, content.ConversationVariables);
        _versions[versionId] = new KnownVersion(workflow, version.Graph.Length) { LastUse = Interlocked.Increment(ref _uses) };
        Evict();
        return workflow;
    }

    /// <summary>The published version of an app; null when nothing is published.</summary>
    public async ValueTask<RunnableWorkflow?> FindPublishedAsync(Guid workspaceId, Guid appId, CancellationToken cancellationToken = default)
    {
        if (!_published.TryGetValue(appId, out var known) || time.GetElapsedTime(known.ReadAt) >= TrustedFor)
        {
            known = await ReadPublishedAsync(appId, cancellationToken);
        }

        return known?.VersionId is { } versionId && known.WorkspaceId == workspaceId
            ? await FindAsync(workspaceId, versionId, cancellationToken)
            : null;
    }

    /// <summary>What is published of this app has changed.</summary>
    internal void Forget(Guid appId)
    {
        Interlocked.Increment(ref _publications);
        _published.TryRemove(appId, out _);
    }

    /// <summary>The app is gone, with all its versions.</summary>
    public void ForgetApp(Guid appId)
    {
        Forget(appId);
        foreach (var (versionId, known) in _versions)
        {
            if (known.Workflow.AppId == appId)
            {
                _versions.TryRemove(versionId, out _);
            }
        }
    }

    internal void ForgetVersion(Guid versionId) => _versions.TryRemove(versionId, out _);

    private async ValueTask<KnownPublication?> ReadPublishedAsync(Guid appId, CancellationToken cancellationToken)
    {
        var publications = Interlocked.Read(ref _publications);
        var readAt = time.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var read = await db.Workflows.Where(w => w.AppId == appId)
            .Select(w => new KnownPublication(w.WorkspaceId, w.PublishedVersionId, readAt))
            .FirstOrDefaultAsync(cancellationToken);
        if (read is not null && publications == Interlocked.Read(ref _publications))
        {
            _published[appId] = read;
        }
        else
        {
            _published.TryRemove(appId, out _);
        }

        return read;
    }

    private void Evict()
    {
        lock (_evicting)
        {
            var total = _versions.Values.Sum(known => known.Characters);
            foreach (var (versionId, known) in _versions.OrderBy(entry => entry.Value.LastUse))
            {
                // The one just added stays, however large.
                if (total <= MostCharacters || _versions.Count == 1)
                {
                    return;
                }

                if (_versions.TryRemove(versionId, out _))
                {
                    total -= known.Characters;
                }
            }
        }
    }

    private sealed record KnownVersion(RunnableWorkflow Workflow, long Characters)
    {
        public long LastUse { get; set; }
    }

    private sealed record KnownPublication(Guid WorkspaceId, Guid? VersionId, long ReadAt);
}
