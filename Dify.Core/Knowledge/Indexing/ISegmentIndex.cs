namespace Dify.Core.Knowledge.Indexing;

/// <summary>
/// The searchable copy of a knowledge base's segments. Derivable: everything in it can be rebuilt from the store.
/// <c>Local</c> keeps it in memory; Qdrant is the other implementation that this seam is for.
/// </summary>
public interface ISegmentIndex
{
    /// <summary>Adds or replaces segments; they are found by the next search.</summary>
    Task UpsertAsync(Guid knowledgeBaseId, IReadOnlyList<IndexedSegment> segments, CancellationToken cancellationToken = default);

    /// <summary>Removes segments; unknown ids are no error.</summary>
    Task RemoveAsync(Guid knowledgeBaseId, IReadOnlyCollection<Guid> segmentIds, CancellationToken cancellationToken = default);

    /// <summary>Removes all segments of a document.</summary>
    Task RemoveDocumentAsync(Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken = default);

    /// <summary>Drops the whole index of a base.</summary>
    Task DropAsync(Guid knowledgeBaseId, CancellationToken cancellationToken = default);

    /// <summary>Nearest vectors by cosine similarity, best first.</summary>
    Task<IReadOnlyList<SegmentHit>> SearchVectorAsync(
        Guid knowledgeBaseId, ReadOnlyMemory<float> vector, int limit, CancellationToken cancellationToken = default);

    /// <summary>Best BM25 scores, best first.</summary>
    Task<IReadOnlyList<SegmentHit>> SearchTextAsync(
        Guid knowledgeBaseId, string text, int limit, CancellationToken cancellationToken = default);

    /// <summary>Whether the index answers; used by the readiness check.</summary>
    Task<bool> IsReadyAsync(CancellationToken cancellationToken = default);
}
