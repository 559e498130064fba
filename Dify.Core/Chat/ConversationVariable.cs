namespace Dify.Core.Chat;

/// <summary>What a chatflow remembers in one conversation under a name.</summary>
public sealed class ConversationVariable
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid ConversationId { get; init; }

    public required string Name { get; init; }

    /// <summary>As the workflow declares it, <c>array[string]</c> for instance.</summary>
    public required string ValueType { get; set; }

    /// <summary>JSON.</summary>
    public required string Value { get; set; }

    public string Description { get; set; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }
}
