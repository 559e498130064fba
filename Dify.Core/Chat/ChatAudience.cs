namespace Dify.Core.Chat;

/// <summary>Whose conversations are meant: one end user of one app, or one member's preview of it.</summary>
public sealed record ChatAudience
{
    public required Guid WorkspaceId { get; init; }

    public required Guid AppId { get; init; }

    public Guid? EndUserId { get; init; }

    public Guid? AccountId { get; init; }

    /// <summary><c>service-api</c>, <c>web-app</c> or <c>debugger</c>.</summary>
    public required string InvokeFrom { get; init; }

    /// <summary>The person as text, <c>sys.user_id</c> of a run.</summary>
    internal string UserId => (EndUserId ?? AccountId)?.ToString() ?? "";
}
