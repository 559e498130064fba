using Dify.Core.Common;
using Dify.Core.Workspaces;

namespace Dify.Core.Knowledge;

/// <summary>Segments of a document: read and maintain by hand. A change is searchable when the call returns.</summary>
public sealed class SegmentService
{
    /// <summary>In the order of the document.</summary>
    public Task<Page<Segment>> ListAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, SegmentFilter filter, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<Segment> GetAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, Guid segmentId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Appends segments to a document that is completed and enabled.</summary>
    public Task<IReadOnlyList<Segment>> AddAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, IReadOnlyList<NewSegment> segments, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Changes text, keywords or the switch; a new text is embedded and indexed before the call returns.</summary>
    public Task<Segment> UpdateAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, Guid segmentId, SegmentChanges changes, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task SetEnabledAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, IReadOnlyList<Guid> segmentIds, bool enabled, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task DeleteAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, IReadOnlyList<Guid> segmentIds, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
