namespace Dify.Core.Knowledge.Indexing;

/// <summary>What the index holds of a segment. An empty vector: keyword search only.</summary>
public sealed record IndexedSegment(Guid Id, Guid DocumentId, string Text, ReadOnlyMemory<float> Vector);
