using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Drafts;

/// <summary>A version, parsed once for all its runs. Secrets are in clear; it is never shown.</summary>
public sealed record RunnableWorkflow(
    Guid VersionId, Guid AppId, Guid WorkspaceId, WorkflowVersionKind Kind, GraphDefinition Graph, JsonObject Features,
    IReadOnlyList<WorkflowVariable> EnvironmentVariables, IReadOnlyList<WorkflowVariable> ConversationVariables);
