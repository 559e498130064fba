using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Engine;

/// <summary>
/// Which nodes and edges a run has taken or skipped, and which nodes are ready. A join waits until all its incoming
/// edges are decided, and runs once when at least one was taken.
/// </summary>
internal sealed class Traversal
{
    private readonly GraphDefinition _graph;
    private readonly State[] _nodes;
    private readonly State[] _edges;
    private readonly bool[] _takenEdges;
    private readonly Queue<(int Node, int FromEdge)> _ready = new();

    public Traversal(GraphDefinition graph)
    {
        _graph = graph;
        _nodes = new State[graph.Nodes.Count];
        _edges = new State[graph.Edges.Count];
        _takenEdges = new bool[graph.Edges.Count];
    }

    private enum State : byte
    {
        Unknown,
        Taken,
        Skipped,
    }

    public ReadOnlySpan<bool> TakenEdges => _takenEdges;

    public bool IsSkipped(int node) => _nodes[node] == State.Skipped;

    /// <summary>Queues the root; what hangs only on other roots is skipped.</summary>
    public void Begin()
    {
        foreach (var node in _graph.Nodes)
        {
            if (node.Index != _graph.Root.Index && NodeTypes.KindOf(node.Type) == NodeKind.Root)
            {
                SkipNode(node.Index);
            }
        }

        Enqueue(_graph.Root.Index, -1);
    }

    /// <param name="fromEdge">The edge that made the node ready, or -1.</param>
    public bool TryDequeue(out int node, out int fromEdge)
    {
        if (_ready.TryDequeue(out var next))
        {
            (node, fromEdge) = next;
            return true;
        }

        node = fromEdge = -1;
        return false;
    }

    /// <summary>Skips the edges of a branch that were not chosen; what is skipped as a whole spreads.</summary>
    public void SkipUnchosen(int node, string handle)
    {
        foreach (var edge in _graph.Outgoing[node])
        {
            if (_graph.Edges[edge].Handle != handle)
            {
                SkipEdge(edge);
            }
        }
    }

    public void Take(int edge)
    {
        _edges[edge] = State.Taken;
        _takenEdges[edge] = true;
    }

    /// <summary>Queues the head of a taken edge when it waits for nothing more.</summary>
    public void EnqueueHead(int edge)
    {
        var head = _graph.Edges[edge].Target;
        if (Look(head) == (false, true))
        {
            Enqueue(head, edge);
        }
    }

    private void Enqueue(int node, int fromEdge)
    {
        if (_nodes[node] == State.Unknown)
        {
            _nodes[node] = State.Taken;
            _ready.Enqueue((node, fromEdge));
        }
    }

    private (bool HasUnknown, bool HasTaken) Look(int node)
    {
        var taken = false;
        foreach (var edge in _graph.Incoming[node])
        {
            switch (_edges[edge])
            {
                case State.Unknown:
                    return (true, taken);
                case State.Taken:
                    taken = true;
                    break;
            }
        }

        return (false, taken);
    }

    private void SkipNode(int node)
    {
        _nodes[node] = State.Skipped;
        foreach (var edge in _graph.Outgoing[node])
        {
            SkipEdge(edge);
        }
    }

    // A long chain of skipped nodes must not use up the stack, so the spreading is a loop over pending edges.
    private void SkipEdge(int first)
    {
        var pending = new Stack<int>();
        pending.Push(first);
        while (pending.TryPop(out var edge))
        {
            _edges[edge] = State.Skipped;
            var head = _graph.Edges[edge].Target;
            var (unknown, taken) = Look(head);
            if (unknown || _nodes[head] != State.Unknown)
            {
                continue;
            }

            if (taken)
            {
                Enqueue(head, edge);
                continue;
            }

            _nodes[head] = State.Skipped;
            var outgoing = _graph.Outgoing[head];
            for (var i = outgoing.Length - 1; i >= 0; i--)
            {
                pending.Push(outgoing[i]);
            }
        }
    }
}
