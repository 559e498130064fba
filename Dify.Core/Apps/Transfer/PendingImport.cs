namespace Dify.Core.Apps.Transfer;

/// <summary>An import that a person has to agree to first, as its file is of another version; forgotten after ten minutes.</summary>
public sealed class PendingImport
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    /// <summary>Who began it; nobody else can finish it.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The text of the app file.</summary>
    public required string Content { get; init; }

    /// <summary>What the person said of the app besides the file.</summary>
    public required ImportWishes Wishes { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}
