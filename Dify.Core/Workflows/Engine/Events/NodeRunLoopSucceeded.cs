using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>All of the loop is done.</summary>
public sealed record NodeRunLoopSucceeded : NodeEvent
{
    public required JsonObject Inputs { get; init; }

    public required JsonObject Outputs { get; init; }

    /// <summary><c>completed_reason</c>, <c>loop_duration_map</c>, <c>loop_variable_map</c>, <c>total_tokens</c>.</summary>
    public required JsonObject Metadata { get; init; }

    public required int Steps { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }
}
