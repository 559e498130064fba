namespace Dify.Core.Workflows.Engine.Events;

/// <summary>An attempt failed and another follows; there is no second <see cref="NodeRunStarted"/>.</summary>
public sealed record NodeRunRetry : NodeEvent
{
    public required NodeResult Result { get; init; }

    /// <summary>From 1.</summary>
    public required int RetryIndex { get; init; }
}
