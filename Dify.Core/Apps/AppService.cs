using Dify.Core.Common;
using Dify.Core.Workspaces;

namespace Dify.Core.Apps;

/// <summary>The Studio: apps of a workspace, their drafts and what is published.</summary>
public sealed class AppService
{
    /// <summary>Newest change first. <paramref name="keyword"/> filters by name, <paramref name="mode"/> by mode.</summary>
    public Task<Page<App>> ListAsync(
        Actor actor, int page = 1, int limit = 20, string? keyword = null, AppMode? mode = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Makes an app with the workspace's default chat model.</summary>
    public Task<App> CreateAsync(Actor actor, NewApp app, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<App> GetAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<App> UpdateInfoAsync(Actor actor, Guid appId, NewApp info, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<App> DuplicateAsync(Actor actor, Guid appId, NewApp info, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Deletes the app with its conversations and keys; running answers are stopped.</summary>
    public Task DeleteAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Stores the draft.</summary>
    /// <param name="revision">The revision that the editor started from.</param>
    /// <returns>The new revision.</returns>
    /// <exception cref="DifyException">409 <c>draft_conflict</c> when someone else saved meanwhile.</exception>
    public Task<int> SaveDraftAsync(
        Actor actor, Guid appId, AppModelConfig draft, int revision, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Checks the draft (model and knowledge exist, variables valid) and makes it what end users get.</summary>
    public Task<App> PublishAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<App> SetAccessAsync(
        Actor actor, Guid appId, bool siteEnabled, bool apiEnabled, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The published app behind a web address, without any right needed; null when off or unpublished.</summary>
    public Task<App?> FindSiteAsync(string siteCode, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
