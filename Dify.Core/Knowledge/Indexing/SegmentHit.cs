namespace Dify.Core.Knowledge.Indexing;

/// <summary>A found segment with the raw score of its search (cosine, or BM25).</summary>
public readonly record struct SegmentHit(Guid SegmentId, float Score);
