namespace Dify.Core.Workflows.Engine.Events;

/// <summary>The node failed and its error strategy goes on (fail branch or default value).</summary>
public sealed record NodeRunException : NodeEvent
{
    public required NodeResult Result { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }
}
