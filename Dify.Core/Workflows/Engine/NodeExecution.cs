using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine.Events;

namespace Dify.Core.Workflows.Engine;

/// <summary>A started node.</summary>
internal sealed class NodeExecution(NodeRun run, INode code, int index, DateTimeOffset startedAt)
{
    private string? _pieceName;
    private string[]? _selector;
    private int _slot;
    private List<(string Name, StringBuilder Text, bool IsClosed)>? _streamed;
    private string? _predecessorNodeId;

    public NodeRun Run { get; } = run;

    public INode Code { get; } = code;

    public NodeDefinition Node => Run.Node;

    public int Index { get; } = index;

    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>Attempts that failed so far.</summary>
    public int Failures { get; set; }

    /// <summary>The stream slot of an output, looked up once for a row of pieces of the same output; below 0: unwanted.</summary>
    public int SlotOf(string name, StreamPlan plan, out string[] selector)
    {
        if (!string.Equals(name, _pieceName, StringComparison.Ordinal))
        {
            _pieceName = name;
            _selector = [Node.Id, name];
            _slot = plan.Slots.TryGetValue((Node.Id, name), out var slot) ? slot : -1;
        }

        selector = _selector!;
        return _slot;
    }

    /// <summary>Keeps a streamed piece for the journal.</summary>
    public void Keep(string name, string text, bool isFinal)
    {
        _streamed ??= [];
        var place = _streamed.FindIndex(item => item.Name == name);
        if (place < 0)
        {
            place = _streamed.Count;
            _streamed.Add((name, new StringBuilder(), false));
        }

        _streamed[place].Text.Append(text);
        _streamed[place] = _streamed[place] with { IsClosed = _streamed[place].IsClosed || isFinal };
    }

    /// <summary>The execution as the journal keeps it.</summary>
    public FinishedNode Finished(NodeResult result, DateTimeOffset finishedAt) =>
        new(Run.ExecutionId, Node.Id, Node.Type, Node.Title, result, Failures, StartedAt, finishedAt)
        {
            Index = Index,
            PredecessorNodeId = _predecessorNodeId,
            Streamed = _streamed is null ? [] : [.. _streamed.Select(item => Streamed(item.Name, item.Text.ToString(), item.IsClosed, result))],
        };

    public NodeRunStarted Started(string? predecessorNodeId)
    {
        _predecessorNodeId = predecessorNodeId;
        return new NodeRunStarted
        {
            ExecutionId = Run.ExecutionId,
            NodeId = Node.Id,
            NodeType = Node.Type,
            Title = Node.Title,
            Index = Index,
            PredecessorNodeId = predecessorNodeId,
            StartedAt = StartedAt,
        };
    }

    public NodeRunSucceeded Succeeded(NodeResult result, DateTimeOffset finishedAt) => new()
    {
        ExecutionId = Run.ExecutionId,
        NodeId = Node.Id,
        NodeType = Node.Type,
        Title = Node.Title,
        Result = result,
        StartedAt = StartedAt,
        FinishedAt = finishedAt,
    };

    public NodeRunException Excepted(NodeResult result, DateTimeOffset finishedAt) => new()
    {
        ExecutionId = Run.ExecutionId,
        NodeId = Node.Id,
        NodeType = Node.Type,
        Title = Node.Title,
        Result = result,
        StartedAt = StartedAt,
        FinishedAt = finishedAt,
    };

    public NodeRunFailed Failed(NodeResult result, DateTimeOffset finishedAt) => new()
    {
        ExecutionId = Run.ExecutionId,
        NodeId = Node.Id,
        NodeType = Node.Type,
        Title = Node.Title,
        Result = result,
        StartedAt = StartedAt,
        FinishedAt = finishedAt,
    };

    public NodeRunRetry Retried(NodeResult result) => new()
    {
        ExecutionId = Run.ExecutionId,
        NodeId = Node.Id,
        NodeType = Node.Type,
        Title = Node.Title,
        Result = result,
        RetryIndex = Failures,
    };

    public NodeRunRetrieverResource Found(IReadOnlyList<JsonObject> resources) => new()
    {
        ExecutionId = Run.ExecutionId,
        NodeId = Node.Id,
        NodeType = Node.Type,
        Title = Node.Title,
        Resources = resources,
    };

    public NodeRunReasoningChunk Reasoned(string text, bool isFinal) => new()
    {
        ExecutionId = Run.ExecutionId,
        NodeId = Node.Id,
        NodeType = Node.Type,
        Title = Node.Title,
        Chunk = text,
        IsFinal = isFinal,
    };

    public NodeRunPauseRequested Paused(JsonObject reason) => new()
    {
        ExecutionId = Run.ExecutionId,
        NodeId = Node.Id,
        NodeType = Node.Type,
        Title = Node.Title,
        Reason = reason,
    };

    private static StreamedText Streamed(string name, string text, bool isClosed, NodeResult result) => new(
        name,
        result.Outputs[name] is JsonValue own && own.TryGetValue<string>(out var output) && output == text ? null : text,
        isClosed);
}
