using System.Collections;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Drafts.Checking;

/// <summary>A graph read as leniently as it can be, so that all that is wrong with it can be told at once.</summary>
internal sealed class CheckedGraph
{
    private readonly Dictionary<string, CheckedNode> _byId = new(StringComparer.Ordinal);

    public List<CheckedNode> Nodes { get; } = [];

    public CheckedNode? Root { get; private set; }

    /// <summary>Nodes in an order in which each comes after all before it; null: the graph has a cycle.</summary>
    public List<CheckedNode>? Order { get; private set; }

    /// <summary>Nodes on cycles.</summary>
    public List<CheckedNode> Cyclic { get; } = [];

    public CheckedNode? Find(string id) => _byId.GetValueOrDefault(id);

    public static CheckedGraph Read(JsonObject graph, IssueList issues)
    {
        var read = new CheckedGraph();
        read.ReadNodes(graph, issues);
        read.ReadEdges(graph, issues);
        read.Root = read.Nodes.Find(node => node.IsRoot);
        read.Sort();
        read.Reach();
        return read;
    }

    /// <summary>For each node by index: the nodes that come before it on some way. Only for graphs without cycles.</summary>
    public BitArray[] ReadAncestors()
    {
        var ancestors = new BitArray[Nodes.Count];
        foreach (var node in Order ?? throw new InvalidOperationException("The graph has a cycle."))
        {
            var before = ancestors[node.Index] = new BitArray(Nodes.Count);
            foreach (var previous in node.Previous)
            {
                before.Or(ancestors[previous.Index]);
                before[previous.Index] = true;
            }
        }

        return ancestors;
    }

    /// <summary>The nodes inside a container that its rounds begin with.</summary>
    public IEnumerable<CheckedNode> EntriesOf(CheckedNode container)
    {
        var given = NodeData.Text(container.Data, "start_node_id");
        return Nodes.Where(node => node.Container == container
            && (NodeTypes.IsContainerStart(node.Type) || NodeData.Flag(node.Data, "isIterationStart") || node.Id == given));
    }

    private void ReadNodes(JsonObject graph, IssueList issues)
    {
        foreach (var item in NodeData.List(graph, "nodes") ?? [])
        {
            var envelope = item as JsonObject ?? [];
            if (NodeData.Text(envelope, "type") == "custom-note")
            {
                continue;
            }

            if (NodeData.Text(envelope, "id") is not { Length: > 0 } id || NodeData.Object(envelope, "data") is not { } data
                || NodeData.Text(data, "type") is not { Length: > 0 })
            {
                issues.Error(null, "invalid_node");
                continue;
            }

            var node = new CheckedNode(Nodes.Count, id, envelope, data);
            if (!_byId.TryAdd(id, node))
            {
                issues.Error(node, "duplicate_node");
                continue;
            }

            Nodes.Add(node);
        }

        foreach (var node in Nodes)
        {
            node.Container = node.ContainerId is { } id && _byId.TryGetValue(id, out var around) && around != node && around.IsContainer
                ? around
                : null;
        }

        foreach (var node in Nodes.Where(IsItsOwnContainer))
        {
            node.Container = null;
        }
    }

    private bool IsItsOwnContainer(CheckedNode node)
    {
        var around = node.Container;
        for (var steps = 0; around is not null && steps <= Nodes.Count; steps++)
        {
            if (around == node)
            {
                return true;
            }

            around = around.Container;
        }

        return around is not null;
    }

    private void ReadEdges(JsonObject graph, IssueList issues)
    {
        foreach (var edge in (NodeData.List(graph, "edges") ?? []).OfType<JsonObject>())
        {
            var handle = edge["sourceHandle"] is null ? "source" : NodeData.Text(edge, "sourceHandle");
            if (NodeData.Text(edge, "source") is not { } source || NodeData.Text(edge, "target") is not { } target || handle is null)
            {
                continue;
            }

            var (tail, head) = (Find(source), Find(target));
            if (tail is null || head is null)
            {
                issues.Error(tail ?? head, "dangling_edge", tail is null ? source : target);
                continue;
            }

            if (tail.Container != head.Container)
            {
                issues.Error(tail, "edge_leaves_container", head.Title);
            }

            tail.Next.Add((head, handle));
            head.Previous.Add(tail);
        }
    }

    private void Sort()
    {
        var open = Nodes.Select(node => node.Previous.Count).ToArray();
        var order = new List<CheckedNode>(Nodes.Where(node => open[node.Index] == 0));
        for (var next = 0; next < order.Count; next++)
        {
            foreach (var (target, _) in order[next].Next)
            {
                if (--open[target.Index] == 0)
                {
                    order.Add(target);
                }
            }
        }

        if (order.Count == Nodes.Count)
        {
            Order = order;
            return;
        }

        // What is left lies on a cycle or behind one; peeling from the other end leaves the cycles and what is between them.
        var left = Nodes.Where(node => open[node.Index] > 0).ToHashSet();
        var ends = new Queue<CheckedNode>(left.Where(node => !node.Next.Exists(next => left.Contains(next.Target))));
        while (ends.TryDequeue(out var end))
        {
            if (left.Remove(end))
            {
                foreach (var previous in end.Previous)
                {
                    if (left.Contains(previous) && !previous.Next.Exists(next => left.Contains(next.Target)))
                    {
                        ends.Enqueue(previous);
                    }
                }
            }
        }

        Cyclic.AddRange(Nodes.Where(left.Contains));
    }

    private void Reach()
    {
        var pending = new Stack<CheckedNode>(Nodes.Where(node => node.IsRoot && node.Container is null));
        while (pending.TryPop(out var node))
        {
            if (node.IsReachable)
            {
                continue;
            }

            node.IsReachable = true;
            foreach (var (target, _) in node.Next)
            {
                pending.Push(target);
            }

            if (node.IsContainer)
            {
                foreach (var entry in EntriesOf(node))
                {
                    pending.Push(entry);
                }
            }
        }
    }
}
