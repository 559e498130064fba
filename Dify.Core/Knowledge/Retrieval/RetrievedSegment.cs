namespace Dify.Core.Knowledge.Retrieval;

/// <summary>A hit.</summary>
/// <param name="Score">0 to 1, comparable within one result.</param>
/// <param name="Position">1 for the best.</param>
public sealed record RetrievedSegment(
    Guid KnowledgeBaseId, string KnowledgeBaseName, Guid DocumentId, string DocumentName,
    Guid SegmentId, int SegmentPosition, string Content, int WordCount, int Tokens, int HitCount,
    IReadOnlyList<string> Keywords, double Score, int Position);
