using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Workflows.Definitions;

/// <summary>
/// A checked graph of Dify's DSL: <c>{nodes: [{id, data: {type, …}}], edges: [{source, sourceHandle, target}]}</c>.
/// It never changes; parse once and run many times.
/// </summary>
public sealed class GraphDefinition
{
    private readonly ConcurrentDictionary<string, GraphDefinition> _below = new(StringComparer.Ordinal);
    private readonly GraphDefinition? _whole;

    private GraphDefinition(NodeDefinition[] nodes, EdgeDefinition[] edges, NodeDefinition root, GraphDefinition? whole = null)
    {
        _whole = whole;
        Nodes = nodes;
        Edges = edges;
        Root = root;
        Outgoing = Group(nodes.Length, edges, static edge => edge.Source);
        Incoming = Group(nodes.Length, edges, static edge => edge.Target);
        IndexOf = nodes.ToDictionary(node => node.Id, node => node.Index, StringComparer.Ordinal);
        Streaming = new StreamPlan(this);
    }

    public IReadOnlyList<NodeDefinition> Nodes { get; }

    public IReadOnlyList<EdgeDefinition> Edges { get; }

    /// <summary>Where a run begins.</summary>
    public NodeDefinition Root { get; }

    /// <summary>Edge indexes by source node, in the order of the list.</summary>
    internal int[][] Outgoing { get; }

    internal int[][] Incoming { get; }

    internal Dictionary<string, int> IndexOf { get; }

    internal StreamPlan Streaming { get; }

    /// <summary>The node of an id, also one outside of a container's graph; null when there is none.</summary>
    public NodeDefinition? Find(string id) =>
        IndexOf.TryGetValue(id, out var index) ? Nodes[index] : _whole?.Find(id);

    /// <summary>Whether a node takes part in a run of this very graph.</summary>
    internal bool Holds(NodeDefinition node) => node.Index < Nodes.Count && ReferenceEquals(Nodes[node.Index], node);

    /// <summary>The graph inside a container: what can be reached from its first node.</summary>
    /// <exception cref="DifyException"><c>invalid_param</c>: nothing can begin with that node.</exception>
    internal GraphDefinition Below(string startId) =>
        _whole?.Below(startId) ?? _below.GetOrAdd(startId, static (id, whole) => whole.Cut(id), this);

    /// <param name="graph">The <c>graph</c> object of the DSL; it is kept and must not be changed afterwards.</param>
    /// <param name="rootId">The node to begin with (a trigger that fired); null: the first that a run can begin with.</param>
    /// <exception cref="DifyException"><c>invalid_param</c> with every issue found.</exception>
    public static GraphDefinition Parse(JsonObject graph, string? rootId = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var nodes = ReadNodes(graph);
        var index = nodes.ToDictionary(node => node.Id, node => node.Index, StringComparer.Ordinal);
        var issues = new List<string>();
        var edges = ReadEdges(graph, index, issues);
        if (issues.Count > 0)
        {
            throw DifyException.Invalid(string.Join("; ", issues));
        }

        return new GraphDefinition(nodes, edges, FindRoot(nodes, rootId));
    }

    internal IReadOnlyList<string> NodesInLoop(string loopId) => _whole?.NodesInLoop(loopId)
        ?? [.. Nodes.Where(node => NodeData.Text(node.Data, "loop_id") == loopId).Select(node => node.Id)];

    private GraphDefinition Cut(string startId)
    {
        var start = FindRoot([.. Nodes], startId);
        var places = new int[Nodes.Count];
        Array.Fill(places, -1);
        var pending = new Queue<int>([start.Index]);
        var kept = new SortedSet<int> { start.Index };
        while (pending.TryDequeue(out var node))
        {
            foreach (var head in Outgoing[node].Select(edge => Edges[edge].Target).Where(kept.Add))
            {
                pending.Enqueue(head);
            }
        }

        // A node inside that is fed from outside as well waits for ever, as nobody decides that edge here.
        var reached = kept.ToHashSet();
        kept.UnionWith(Edges.Where(edge => reached.Contains(edge.Target)).Select(edge => edge.Source));
        NodeDefinition[] nodes = [.. kept.Select((index, place) => new NodeDefinition(Nodes[index].Id, place, Nodes[index].Data))];
        foreach (var node in nodes)
        {
            places[IndexOf[node.Id]] = node.Index;
        }

        EdgeDefinition[] edges =
        [
            .. Edges.Where(edge => reached.Contains(edge.Target))
                .Select(edge => edge with { Source = places[edge.Source], Target = places[edge.Target] }),
        ];
        return new GraphDefinition(nodes, edges, nodes[places[start.Index]], this);
    }

    private static NodeDefinition[] ReadNodes(JsonObject graph)
    {
        var order = new List<string>();
        var data = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var envelope in NodeData.List(graph, "nodes")?.OfType<JsonObject>() ?? [])
        {
            if (NodeData.Text(envelope, "type") == "custom-note")
            {
                continue;
            }

            var settings = NodeData.Object(envelope, "data");
            if (NodeData.Text(envelope, "id") is not { Length: > 0 } id
                || settings is null || NodeData.Text(settings, "type") is not { Length: > 0 })
            {
                throw DifyException.Invalid("Every node of the graph needs an id and data with a type.");
            }

            // As with the keys of a Python dict: the first place, the last value.
            if (data.TryAdd(id, settings))
            {
                order.Add(id);
            }
            else
            {
                data[id] = settings;
            }
        }

        return [.. order.Select((id, place) => new NodeDefinition(id, place, data[id]))];
    }

    private static EdgeDefinition[] ReadEdges(JsonObject graph, Dictionary<string, int> index, List<string> issues)
    {
        var edges = new List<EdgeDefinition>();
        foreach (var item in NodeData.List(graph, "edges")?.OfType<JsonObject>() ?? [])
        {
            var handle = "source";
            if (item.TryGetPropertyValue("sourceHandle", out var given) && given is not null)
            {
                handle = NodeData.Text(item, "sourceHandle");
            }

            if (NodeData.Text(item, "source") is not { } source || NodeData.Text(item, "target") is not { } target
                || handle is null)
            {
                continue;
            }

            var id = $"edge_{edges.Count + issues.Count}";
            if (!index.TryGetValue(source, out var tail))
            {
                issues.Add($"[MISSING_NODE] Edge {id} references unknown source node '{source}'.");
            }
            else if (!index.TryGetValue(target, out var head))
            {
                issues.Add($"[MISSING_NODE] Edge {id} references unknown target node '{target}'.");
            }
            else
            {
                edges.Add(new EdgeDefinition(id, tail, head, handle));
            }
        }

        return [.. edges];
    }

    private static NodeDefinition FindRoot(NodeDefinition[] nodes, string? rootId)
    {
        if (rootId is null)
        {
            return Array.Find(nodes, node => NodeTypes.KindOf(node.Type) == NodeKind.Root)
                ?? throw DifyException.Invalid("Unable to determine default root node ID from workflow graph");
        }

        var root = Array.Find(nodes, node => node.Id == rootId)
            ?? throw DifyException.Invalid($"Root node id {rootId} not found in the graph");
        return NodeTypes.KindOf(root.Type) == NodeKind.Root || NodeTypes.IsContainerStart(root.Type)
            ? root
            : throw DifyException.Invalid($"[INVALID_ROOT] Node '{rootId}' cannot be the root of a run.");
    }

    private static int[][] Group(int count, EdgeDefinition[] edges, Func<EdgeDefinition, int> end)
    {
        var groups = new List<int>[count];
        for (var edge = 0; edge < edges.Length; edge++)
        {
            (groups[end(edges[edge])] ??= []).Add(edge);
        }

        return [.. groups.Select(group => group?.ToArray() ?? [])];
    }
}
