using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>The first item is about to begin.</summary>
public sealed record NodeRunIterationStarted : NodeEvent
{
    public required JsonObject Inputs { get; init; }

    /// <summary><c>iteration_length</c>.</summary>
    public required JsonObject Metadata { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
}
