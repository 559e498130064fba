using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Engine.Events;

/// <summary>The loop ended because one round failed.</summary>
public sealed record NodeRunLoopFailed : NodeEvent
{
    public required JsonObject Inputs { get; init; }

    /// <summary>What had come until then.</summary>
    public required JsonObject Outputs { get; init; }

    /// <summary>As of <see cref="NodeRunLoopSucceeded"/>.</summary>
    public required JsonObject Metadata { get; init; }

    public required int Steps { get; init; }

    public required string Error { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }
}
