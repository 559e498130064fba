namespace Dify.Core.Knowledge.Retrieval;

/// <summary>A question that was put to a knowledge base, by a retrieval test or by an app.</summary>
public sealed class RetrievalRecord
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid KnowledgeBaseId { get; init; }

    /// <summary>At most 1,000 characters; the rest of a longer question is not kept.</summary>
    public required string Text { get; init; }

    /// <summary><c>hit_testing</c> or <c>app</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Segments of this base in the result.</summary>
    public int Hits { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
