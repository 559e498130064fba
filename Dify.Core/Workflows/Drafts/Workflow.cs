namespace Dify.Core.Workflows.Drafts;

/// <summary>The workflow of an app of mode workflow or advanced-chat: its draft, and which version is published.</summary>
public sealed class Workflow
{
    public Guid AppId { get; init; }

    public Guid WorkspaceId { get; init; }

    /// <summary>A JSON object: <c>{nodes, edges, viewport}</c>.</summary>
    public required string Graph { get; set; }

    /// <summary>A JSON object.</summary>
    public string Features { get; set; } = "{}";

    /// <summary>A JSON array; values of secrets are encrypted.</summary>
    public string EnvironmentVariables { get; set; } = "[]";

    /// <summary>A JSON array.</summary>
    public string ConversationVariables { get; set; } = "[]";

    /// <summary>Grows by one with every change of the draft; a change that names an older one is a conflict.</summary>
    public int Revision { get; set; }

    /// <summary>SHA-256 in lower-case hex over the content; what Dify's editor sends back as <c>hash</c>.</summary>
    public required string Hash { get; set; }

    /// <summary>The version that end users and the API get; null until first published.</summary>
    public Guid? PublishedVersionId { get; set; }

    public Guid UpdatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }
}
