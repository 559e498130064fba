namespace Dify.Core.Knowledge;

/// <summary>A chunk of a document: the unit that is found and cited.</summary>
public sealed class Segment
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid KnowledgeBaseId { get; init; }

    public Guid DocumentId { get; init; }

    /// <summary>1, 2, 3, … within the document; with <see cref="DocumentId"/> unique.</summary>
    public int Position { get; init; }

    public required string Content { get; set; }

    /// <summary>Characters.</summary>
    public int WordCount { get; set; }

    public int Tokens { get; set; }

    /// <summary>At most 10; used by economy indexing.</summary>
    public List<string> Keywords { get; set; } = [];

    /// <summary>Little-endian float32 vector of the knowledge base's embedding model; null in economy mode.</summary>
    public byte[]? Embedding { get; set; }

    public bool Enabled { get; set; } = true;

    public bool Edited { get; set; }

    public int HitCount { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Set once the segment is searchable.</summary>
    public DateTimeOffset? CompletedAt { get; set; }
}
