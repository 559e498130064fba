namespace Dify.Core.Workflows.Engine.Events;

/// <summary>Something that happened in one execution of a node.</summary>
public abstract record NodeEvent : GraphEvent
{
    /// <summary>One execution of the node; the same through its retries.</summary>
    public required Guid ExecutionId { get; init; }

    public required string NodeId { get; init; }

    public required string NodeType { get; init; }

    public required string Title { get; init; }

    /// <summary>The graph within the run, as in <see cref="IRunJournal"/>; empty for the run itself.</summary>
    public string Path { get; init; } = "";

    /// <summary>The iteration around the node, when that is the innermost container.</summary>
    public string? IterationId { get; init; }

    /// <summary>From 0.</summary>
    public int? IterationIndex { get; init; }

    /// <summary>The loop around the node, when that is the innermost container.</summary>
    public string? LoopId { get; init; }

    /// <summary>From 0.</summary>
    public int? LoopIndex { get; init; }
}
