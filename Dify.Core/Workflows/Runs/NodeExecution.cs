using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Runs;

/// <summary>What one node did in a run. JSON columns hold at most 200 KB a variable.</summary>
public sealed class NodeExecution
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid RunId { get; init; }

    /// <summary>1, 2, 3, … in the order of starting.</summary>
    public int Index { get; init; }

    public string? PredecessorNodeId { get; init; }

    public required string NodeId { get; init; }

    public required string NodeType { get; init; }

    public string Title { get; init; } = "";

    public NodeStatus Status { get; set; } = NodeStatus.Stopped;

    /// <summary>A JSON object.</summary>
    public string Inputs { get; set; } = "{}";

    /// <summary>A JSON object.</summary>
    public string ProcessData { get; set; } = "{}";

    /// <summary>A JSON object.</summary>
    public string Outputs { get; set; } = "{}";

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
