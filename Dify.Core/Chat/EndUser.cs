namespace Dify.Core.Chat;

/// <summary>A person who uses a published app. Web-app and API users are different people even with equal ids.</summary>
public sealed class EndUser
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid AppId { get; init; }

    /// <summary><c>service-api</c> or <c>browser</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The caller's <c>user</c>, or the browser's session id; never authenticated.</summary>
    public required string SessionId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
