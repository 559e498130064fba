namespace Dify.Core.Workflows.Drafts;

/// <summary>A draft as its editors see it: secrets masked.</summary>
public sealed record WorkflowDraft(
    Guid AppId, WorkflowContent Content, int Revision, string Hash, Guid? PublishedVersionId, Guid UpdatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
