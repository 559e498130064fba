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
    private readonly int[] _undecided;
    private readonly bool[] _isReached;
    private readonly Queue<(int Node, int FromEdge)> _ready = new();

    public Traversal(GraphDefinition graph)
    {
        _graph = graph;
        _nodes = new State[graph.Nodes.Count];
        _edges = new State[graph.Edges.Count];
        _takenEdges = new bool[graph.Edges.Count];
        _undecided = new int[graph.Nodes.Count];
        _isReached = new bool[graph.Nodes.Count];
        for (var node = 0; node < _undecided.Length; node++)
        {
            _undecided[node] = graph.Incoming[node].Length;
        }
    }

    private enum State : byte
    {
        Unknown,
        Taken,
        Skipped,
    }

    public ReadOnlySpan<bool> TakenEdges => _takenEdges;

    public bool HasReady => _ready.Count > 0;

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

    /// <summary>Takes one node out of its turn.</summary>
    public bool TryDequeue(int node, out int fromEdge)
    {
        fromEdge = -1;
        var isFound = false;
        if (_ready.TryPeek(out var first) && first.Node == node)
        {
            fromEdge = _ready.Dequeue().FromEdge;
            return true;
        }

        for (var left = _ready.Count; left > 0; left--)
        {
            var next = _ready.Dequeue();
            if (next.Node == node)
            {
                fromEdge = next.FromEdge;
                isFound = true;
            }
            else
            {
                _ready.Enqueue(next);
            }
        }

        return isFound;
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

    public void Take(int edge) => Decide(edge, State.Taken);

    /// <summary>Queues the head of a taken edge when it waits for nothing more.</summary>
    public void EnqueueHead(int edge)
    {
        var head = _graph.Edges[edge].Target;
        if (_undecided[head] == 0)
        {
            Enqueue(head, edge);
        }
    }

    private void Decide(int edge, State state)
    {
        if (_edges[edge] != State.Unknown)
        {
            return;
        }

        var head = _graph.Edges[edge].Target;
        _edges[edge] = state;
        _undecided[head]--;
        if (state == State.Taken)
        {
            _takenEdges[edge] = true;
            _isReached[head] = true;
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
            Decide(edge, State.Skipped);
            var head = _graph.Edges[edge].Target;
            if (_undecided[head] > 0 || _nodes[head] != State.Unknown)
            {
                continue;
            }

            if (_isReached[head])
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
