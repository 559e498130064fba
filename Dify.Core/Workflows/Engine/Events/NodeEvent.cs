namespace Dify.Core.Workflows.Engine.Events;

/// <summary>Something that happened in one execution of a node.</summary>
public abstract record NodeEvent : GraphEvent
{
    /// <summary>One execution of the node; the same through its retries.</summary>
    public required Guid ExecutionId { get; init; }

    public required string NodeId { get; init; }

    public required string NodeType { get; init; }

    public required string Title { get; init; }
}
