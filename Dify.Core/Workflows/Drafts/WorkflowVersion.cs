namespace Dify.Core.Workflows.Drafts;

/// <summary>
/// A state of a workflow that never changes, so that a run can go on with what it began with. Publishing makes one;
/// so does a run of a draft (one for each content, found again by its hash).
/// </summary>
public sealed class WorkflowVersion
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid AppId { get; init; }

    public WorkflowVersionKind Kind { get; init; }

    /// <summary>A JSON object: <c>{nodes, edges, viewport}</c>.</summary>
    public required string Graph { get; init; }

    /// <summary>A JSON object.</summary>
    public string Features { get; init; } = "{}";

    /// <summary>A JSON array; values of secrets are encrypted.</summary>
    public string EnvironmentVariables { get; init; } = "[]";

    /// <summary>A JSON array.</summary>
    public string ConversationVariables { get; init; } = "[]";

    /// <summary>As <see cref="Workflow.Hash"/>.</summary>
    public required string Hash { get; init; }

    /// <summary><c>marked_name</c>; empty when nobody gave one.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>marked_comment</c>, the release note.</summary>
    public string Note { get; set; } = "";

    public Guid CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The content with secrets masked.</summary>
    public WorkflowContent ReadMasked() => ContentSeal.OpenMasked(StoredContent.Of(this));
}
