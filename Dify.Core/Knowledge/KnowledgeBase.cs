using Dify.Core.Knowledge.Retrieval;

namespace Dify.Core.Knowledge;

/// <summary>A set of documents that assistants can draw on (<c>dataset</c> on the wire).</summary>
public sealed class KnowledgeBase
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    /// <summary>1 to 40 characters, unique in the workspace.</summary>
    public required string Name { get; set; }

    /// <summary>At most 400 characters.</summary>
    public string Description { get; set; } = "";

    public KnowledgePermission Permission { get; set; } = KnowledgePermission.AllTeamMembers;

    /// <summary>Null until the first document chooses it; never back from high quality to economy.</summary>
    public IndexingTechnique? IndexingTechnique { get; set; }

    /// <summary>Null: the workspace default at the first indexing, which is then kept here.</summary>
    public string? EmbeddingProvider { get; set; }

    public string? EmbeddingModel { get; set; }

    public required RetrievalSettings Retrieval { get; set; }

    /// <summary>Whether knowledge keys reach it.</summary>
    public bool ApiEnabled { get; set; } = true;

    /// <summary>Counted up with each write to the search index, where several processes share the store.</summary>
    public long IndexRevision { get; internal set; }

    public Guid CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }
}
