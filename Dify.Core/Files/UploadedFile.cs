namespace Dify.Core.Files;

/// <summary>A file that a member or an end user has sent. Its bytes stand in the <see cref="IBlobStore"/>.</summary>
public sealed class UploadedFile
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    /// <summary>Key in the blob store; never shown and never built from the name.</summary>
    public required string StorageKey { get; init; }

    public required string Name { get; init; }

    /// <summary>Lower case, without the dot.</summary>
    public required string Extension { get; init; }

    public required string MimeType { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>The member who sent it, or null for an end user's file.</summary>
    public Guid? AccountId { get; init; }

    public Guid? EndUserId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
