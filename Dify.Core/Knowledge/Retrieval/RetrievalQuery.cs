namespace Dify.Core.Knowledge.Retrieval;

/// <summary>A question to one or more knowledge bases.</summary>
public sealed record RetrievalQuery
{
    public required Guid WorkspaceId { get; init; }

    public required IReadOnlyList<Guid> KnowledgeBaseIds { get; init; }

    public required string Text { get; init; }

    /// <summary>Settings for all bases together (an app's); null: each base uses its own.</summary>
    public RetrievalSettings? Settings { get; init; }

    /// <summary><c>hit_testing</c> or <c>app</c>, kept in the query record.</summary>
    public string Source { get; init; } = "app";
}
