namespace Dify.Core.Workflows.Engine;

/// <summary>A node that has ended for good, with everything needed to go on behind it without running it again.</summary>
/// <param name="Result">As it was applied: succeeded, exception (with the outputs of the strategy) or failed.</param>
/// <param name="Failures">Attempts that failed, the last included.</param>
public sealed record FinishedNode(
    Guid ExecutionId,
    string NodeId,
    string NodeType,
    string Title,
    NodeResult Result,
    int Failures,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt)
{
    /// <summary><see cref="Events.NodeRunStarted.Index"/> of the execution.</summary>
    public int Index { get; init; }

    /// <summary>As of <see cref="Events.NodeRunStarted"/>.</summary>
    public string? PredecessorNodeId { get; init; }

    /// <summary>What has been streamed of its outputs; needed to tell the stream again.</summary>
    public IReadOnlyList<StreamedText> Streamed { get; init; } = [];
}
