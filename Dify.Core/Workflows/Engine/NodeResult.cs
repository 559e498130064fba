using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine;

/// <summary>What a node returns. A failure is data: the engine applies the node's error strategy.</summary>
public sealed record NodeResult
{
    public required NodeStatus Status { get; init; }

    public JsonObject Inputs { get; init; } = [];

    public JsonObject ProcessData { get; init; } = [];

    public JsonObject Outputs { get; init; } = [];

    /// <summary>Variables written besides the outputs, in order.</summary>
    public IReadOnlyList<VariableUpdate> Updates { get; init; } = [];

    /// <summary><c>total_tokens</c>, <c>total_price</c>, <c>currency</c>, …</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Which handle of a branch node was chosen; <c>source</c> for every other node.</summary>
    public string EdgeSourceHandle { get; init; } = "source";

    public string? Error { get; init; }

    /// <summary>Dify's class-style name, as <c>InvokeRateLimitError</c>.</summary>
    public string? ErrorType { get; init; }

    /// <summary>A code of <see cref="Common.ErrorCodes"/>, when the cause had one.</summary>
    public string? ErrorCode { get; init; }
}
