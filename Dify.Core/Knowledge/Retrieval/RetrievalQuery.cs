namespace Dify.Core.Knowledge.Retrieval;

/// <summary>A question to one or more knowledge bases.</summary>
public sealed record RetrievalQuery
{
    public required Guid WorkspaceId { get; init; }

    public required IReadOnlyList<Guid> KnowledgeBaseIds { get; init; }

    public required string Text { get; init; }

    /// <summary>Settings for all bases together (an app's); null: each base uses its own.</summary>
    public RetrievalSettings? Settings { get; init; }

    /// <summary>In place of each base's own number of hits; ignored with <see cref="Settings"/>.</summary>
    public int? TopK { get; init; }

    /// <summary>In place of each base's own threshold, 0 for none; ignored with <see cref="Settings"/>.</summary>
    public double? ScoreThreshold { get; init; }

    /// <summary>Only these documents are searched; null: all.</summary>
    public MetadataFilter? Filter { get; init; }

    /// <summary>Leaves out bases that are not in the workspace, as flows of other workspaces name them, instead of failing.</summary>
    public bool SkipsMissing { get; init; }

    /// <summary><c>hit_testing</c> or <c>app</c>, kept in the query record.</summary>
    public string Source { get; init; } = "app";
}
