namespace Dify.Core.Workflows.Engine.Events;

/// <summary>The node failed and so does the run.</summary>
public sealed record NodeRunFailed : NodeEvent
{
    public required NodeResult Result { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }
}
