using Dify.Core.Knowledge.Retrieval;

namespace Dify.Core.Knowledge;

/// <summary>What a knowledge base is made of. Only the name is needed; the rest is chosen with the first document.</summary>
public sealed record NewKnowledgeBase
{
    /// <summary>1 to 40 characters, unique in the workspace.</summary>
    public required string Name { get; init; }

    /// <summary>At most 400 characters.</summary>
    public string Description { get; init; } = "";

    public KnowledgePermission Permission { get; init; } = KnowledgePermission.OnlyMe;

    public IReadOnlyList<Guid> PartialMembers { get; init; } = [];

    public IndexingTechnique? IndexingTechnique { get; init; }

    public string? EmbeddingProvider { get; init; }

    public string? EmbeddingModel { get; init; }

    public RetrievalSettings? Retrieval { get; init; }
}
