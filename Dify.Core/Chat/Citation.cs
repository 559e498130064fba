namespace Dify.Core.Chat;

/// <summary>A passage that an answer drew on, in the shape of Dify's <c>retriever_resources[]</c>.</summary>
public sealed record Citation(
    int Position, Guid DatasetId, string DatasetName, Guid DocumentId, string DocumentName, string DataSourceType,
    Guid SegmentId, double Score, int HitCount, int WordCount, int SegmentPosition, string Content);
