namespace Dify.Core.Workflows.Drafts;

/// <summary>A workflow's content as its row holds it: JSON texts, secrets encrypted.</summary>
internal sealed record StoredContent(
    string Graph, string Features, string EnvironmentVariables, string ConversationVariables, string Hash)
{
    public static StoredContent Of(Workflow workflow) => new(
        workflow.Graph, workflow.Features, workflow.EnvironmentVariables, workflow.ConversationVariables, workflow.Hash);

    public static StoredContent Of(WorkflowVersion version) => new(
        version.Graph, version.Features, version.EnvironmentVariables, version.ConversationVariables, version.Hash);
}
