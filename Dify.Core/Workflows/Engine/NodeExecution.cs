using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Engine;

/// <summary>A started node.</summary>
internal sealed class NodeExecution(NodeRun run, INode code, DateTimeOffset startedAt)
{
    private string? _pieceName;
    private string[]? _selector;
    private int _slot;

    public NodeRun Run { get; } = run;

    public INode Code { get; } = code;

    public NodeDefinition Node => Run.Node;

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
}
