using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>The first round is about to begin.</summary>
public sealed record NodeRunLoopStarted : NodeEvent
{
    public required JsonObject Inputs { get; init; }

    /// <summary><c>loop_length</c>.</summary>
    public required JsonObject Metadata { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
}
