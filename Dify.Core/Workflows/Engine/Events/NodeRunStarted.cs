namespace Dify.Core.Workflows.Engine.Events;

public sealed record NodeRunStarted : NodeEvent
{
    /// <summary>1, 2, 3, … in the order of starting.</summary>
    public required int Index { get; init; }

    public string? PredecessorNodeId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
}
