using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Drafts;

/// <summary>What a workflow is made of, in the words of Dify's DSL. Unknown fields are kept. Nobody changes it in place.</summary>
public sealed record WorkflowContent
{
    /// <summary><c>{nodes, edges, viewport}</c>, as the editor or a file gave it.</summary>
    public JsonObject Graph { get; init; } = new() { ["nodes"] = new JsonArray(), ["edges"] = new JsonArray() };

    public JsonObject Features { get; init; } = [];

    /// <summary>Secrets are in clear here; storage encrypts them and the console masks them.</summary>
    public IReadOnlyList<WorkflowVariable> EnvironmentVariables { get; init; } = [];

    /// <summary>Chatflows only: the variables of a conversation with the values that it starts with.</summary>
    public IReadOnlyList<WorkflowVariable> ConversationVariables { get; init; } = [];
}
