namespace Dify.Core.Workflows.Engine.Events;

/// <summary>The node has run; its outputs are in the pool.</summary>
public sealed record NodeRunSucceeded : NodeEvent
{
    public required NodeResult Result { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }
}
