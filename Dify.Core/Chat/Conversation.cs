using System.Text.Json.Nodes;

namespace Dify.Core.Chat;

/// <summary>A thread of messages of one person with one app.</summary>
public sealed class Conversation
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid AppId { get; init; }

    /// <summary>The end user, or null for a member's preview.</summary>
    public Guid? EndUserId { get; init; }

    /// <summary>The member whose preview it is, or null.</summary>
    public Guid? AccountId { get; init; }

    public required string Name { get; set; }

    public JsonObject Inputs { get; set; } = [];

    /// <summary>The opener as it was rendered when the conversation began.</summary>
    public string Introduction { get; init; } = "";

    public bool Pinned { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }
}
