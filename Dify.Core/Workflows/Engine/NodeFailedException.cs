using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine;

/// <summary>Ends a node as failed. The message is shown to people.</summary>
public sealed class NodeFailedException(string message, string type = "WorkflowNodeError", string? code = null, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>Dify's class-style name, as <c>InvokeRateLimitError</c>.</summary>
    public string Type { get; } = type;

    /// <summary>A code of <see cref="Common.ErrorCodes"/>, when the cause had one.</summary>
    public string? Code { get; } = code;

    /// <summary>What the node had been given, for the log.</summary>
    public JsonObject Inputs { get; init; } = [];

    public JsonObject ProcessData { get; init; } = [];

    /// <summary>Variables that were written before the failure.</summary>
    public IReadOnlyList<VariableUpdate> Updates { get; init; } = [];
}
