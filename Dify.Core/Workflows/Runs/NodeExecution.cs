using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Runs;

/// <summary>What one node did in a run. Inputs and process data hold at most 200 KB a variable.</summary>
public sealed class NodeExecution
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid RunId { get; init; }

    /// <summary>1, 2, 3, … in the order of starting.</summary>
    public int Index { get; init; }

    /// <summary>1, 2, 3, … in the order of finishing; 0: the run ended before the node did.</summary>
    public int FinishedAs { get; set; }

    public string? PredecessorNodeId { get; init; }

    /// <summary>Where in the run: empty for the graph itself, <c>{node}#{round}</c> inside an iteration or loop, nested with <c>/</c>.</summary>
    public string Path { get; init; } = "";

    public string? IterationId { get; init; }

    public int? IterationIndex { get; init; }

    public string? LoopId { get; init; }

    public int? LoopIndex { get; init; }

    public required string NodeId { get; init; }

    public required string NodeType { get; init; }

    public string Title { get; init; } = "";

    public NodeStatus Status { get; set; } = NodeStatus.Stopped;

    /// <summary>A JSON object.</summary>
    public string Inputs { get; set; } = "{}";

    /// <summary>A JSON object.</summary>
    public string ProcessData { get; set; } = "{}";

    /// <summary>A JSON object, whole, since a run that goes on needs it; pages show its beginning.</summary>
    public string Outputs { get; set; } = "{}";

    /// <summary>
    /// Outputs, updates and what was streamed, encrypted, where they hold a secret, which is masked in the other columns; null: nothing was masked.
    /// </summary>
    public string? SealedOutputs { get; set; }

    /// <summary>The handle that was followed.</summary>
    public string Handle { get; set; } = "source";

    /// <summary>A JSON array of what it wrote to other variables; null: nothing.</summary>
    public string? Updates { get; set; }

    /// <summary>A JSON array of what of its outputs was streamed, for telling it again; null: nothing.</summary>
    public string? Streamed { get; set; }

    /// <summary>A JSON object: tokens, price, …</summary>
    public string Metadata { get; set; } = "{}";

    public string? Error { get; set; }

    public string? ErrorType { get; set; }

    public int Retries { get; set; }

    public double ElapsedSeconds { get; set; }

    public int TotalTokens { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: the run ended before the node did.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
}
