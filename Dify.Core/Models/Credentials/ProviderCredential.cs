namespace Dify.Core.Models.Credentials;

/// <summary>The credentials that a workspace has for one provider, and the models they opened when last asked.</summary>
public sealed class ProviderCredential
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public required string Provider { get; init; }

    /// <summary>JSON of all values, sealed by <see cref="Workspaces.Secrets.SecretBox"/>.</summary>
    public required string SealedValues { get; set; }

    /// <summary>What may be shown: plain values as they are, secrets as a few last characters.</summary>
    public required Dictionary<string, string> Hints { get; set; }

    /// <summary>Models that the provider listed, as <c>type/name</c>.</summary>
    public required List<string> ListedModels { get; set; }

    /// <summary>Changes with each save, so that other processes notice.</summary>
    public Guid Version { get; set; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When the live check last succeeded.</summary>
    public DateTimeOffset CheckedAt { get; set; }
}
