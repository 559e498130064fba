namespace Dify.Core.Workspaces.ApiKeys;

/// <summary>A key of the service API. Only its hash is stored; the token is shown once, when it is made.</summary>
public sealed class ApiKey
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public ApiKeyKind Kind { get; init; }

    /// <summary>The app that an app key opens; null for a knowledge key.</summary>
    public Guid? AppId { get; init; }

    /// <summary>SHA-256 of the token, hexadecimal.</summary>
    public required string TokenHash { get; init; }

    /// <summary>First and last characters, to tell keys apart in a list: <c>app-Ab…9xyz</c>.</summary>
    public required string Hint { get; init; }

    /// <summary>A knowledge key reaches what this account can see.</summary>
    public Guid CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }
}
