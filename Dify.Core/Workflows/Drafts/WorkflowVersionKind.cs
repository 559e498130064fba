namespace Dify.Core.Workflows.Drafts;

public enum WorkflowVersionKind
{
    /// <summary>What was published; listed in the version history.</summary>
    Published,

    /// <summary>A draft as it was when it ran; not listed.</summary>
    Snapshot,
}
