using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>All of the iteration is done.</summary>
public sealed record NodeRunIterationSucceeded : NodeEvent
{
    public required JsonObject Inputs { get; init; }

    public required JsonObject Outputs { get; init; }

    /// <summary><c>total_tokens</c>, <c>total_price</c>, <c>currency</c>, <c>iteration_duration_map</c>.</summary>
    public required JsonObject Metadata { get; init; }

    public required int Steps { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }
}
