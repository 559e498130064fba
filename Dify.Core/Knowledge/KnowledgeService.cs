using Dify.Core.Common;
using Dify.Core.Workspaces;

namespace Dify.Core.Knowledge;

/// <summary>Knowledge bases: create, list, read, settings, delete. Each call checks the role and the base's own access level.</summary>
public sealed class KnowledgeService
{
    /// <exception cref="DifyException"><c>invalid_param</c>; 409 <c>dataset_name_duplicate</c>.</exception>
    public Task<KnowledgeSummary> CreateAsync(Actor actor, NewKnowledgeBase request, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The bases that the actor may see, newest first.</summary>
    /// <param name="page">From 1.</param>
    /// <param name="limit">1 to 100; more is cut to 100.</param>
    public Task<Page<KnowledgeSummary>> ListAsync(
        Actor actor, string? keyword = null, int page = 1, int limit = 20, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <exception cref="DifyException">404 when it does not exist, is another workspace's or is not shared with the actor.</exception>
    public Task<KnowledgeSummary> GetAsync(Actor actor, Guid knowledgeBaseId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>
    /// Changes what is not null. A step from economy to high quality or to another embedding model embeds every
    /// segment anew in the background.
    /// </summary>
    public Task<KnowledgeSummary> UpdateAsync(
        Actor actor, Guid knowledgeBaseId, KnowledgeChanges changes, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Deletes the base with its documents, segments and index.</summary>
    public Task DeleteAsync(Actor actor, Guid knowledgeBaseId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
