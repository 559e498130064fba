using Dify.Core.Knowledge.Retrieval;

namespace Dify.Core.Knowledge;

/// <summary>Settings to change; null leaves one as it is.</summary>
public sealed record KnowledgeChanges
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public KnowledgePermission? Permission { get; init; }

    public IReadOnlyList<Guid>? PartialMembers { get; init; }

    public IndexingTechnique? IndexingTechnique { get; init; }

    public string? EmbeddingProvider { get; init; }

    public string? EmbeddingModel { get; init; }

    public RetrievalSettings? Retrieval { get; init; }

    public bool? ApiEnabled { get; init; }
}
