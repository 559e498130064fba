using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Definitions;

/// <summary>
/// What can be known of streaming before a run: the templates of the response nodes, which variables they refer to,
/// and which edges hold a response back until they are taken.
/// </summary>
internal sealed class StreamPlan
{
    private readonly GraphDefinition _graph;

    public StreamPlan(GraphDefinition graph)
    {
        _graph = graph;
        var distances = BreadthFirst(graph);
        Responses = [.. graph.Nodes
            .Where(node => node.Type is NodeTypes.Answer or NodeTypes.End)
            .OrderBy(node => distances.IndexOf(node.Index))
            .ThenBy(node => node.Id, StringComparer.Ordinal)
            .Select(node => new Response(node, ResponseTemplate.Of(node)))];

        var slots = new Dictionary<(string, string), int>();
        foreach (var segment in Responses.SelectMany(response => response.Template.Segments))
        {
            if (segment.Selector is { Count: 2 } selector)
            {
                slots.TryAdd((selector[0], selector[1]), slots.Count);
            }
        }

        Slots = slots;
        foreach (var response in Responses)
        {
            response.Blocking = [.. graph.Edges.Select(edge => Blocks(graph.Nodes[edge.Source], response))];
        }
    }

    /// <summary>In the order in which they come to their turn when several become ready at once.</summary>
    public Response[] Responses { get; }

    /// <summary>Variables whose pieces are wanted; pieces of all others are dropped.</summary>
    public Dictionary<(string NodeId, string Name), int> Slots { get; }

    /// <summary>Whether a path from the root to the response has no edge left that holds it back.</summary>
    public bool IsOpen(Response response, ReadOnlySpan<bool> taken)
    {
        var seen = new bool[_graph.Nodes.Count];
        var pending = new Stack<int>();
        pending.Push(_graph.Root.Index);
        seen[_graph.Root.Index] = true;
        while (pending.TryPop(out var node))
        {
            if (node == response.Node.Index)
            {
                return true;
            }

            foreach (var edge in _graph.Outgoing[node])
            {
                var head = _graph.Edges[edge].Target;
                if (!seen[head] && (taken[edge] || !response.Blocking[edge]))
                {
                    seen[head] = true;
                    pending.Push(head);
                }
            }
        }

        return false;
    }

    /// <summary>The order in which one worker would come to the nodes when no branch decided anything.</summary>
    private static List<int> BreadthFirst(GraphDefinition graph)
    {
        var order = new List<int> { graph.Root.Index };
        var seen = new HashSet<int>(order);
        for (var next = 0; next < order.Count; next++)
        {
            order.AddRange(graph.Outgoing[order[next]].Select(edge => graph.Edges[edge].Target).Where(seen.Add));
        }

        return order;
    }

    private static bool Blocks(NodeDefinition tail, Response response)
    {
        if (tail.Kind is NodeKind.Branch or NodeKind.Container or NodeKind.Response)
        {
            return true;
        }

        return tail.Type == NodeTypes.Assigner && Written(tail.Data).Any(written =>
            response.Template.Segments.Any(segment => segment.Selector is { Count: >= 2 } selector
                && selector[0] == written[0] && selector[1] == written[1]));
    }

    private static IEnumerable<string[]> Written(JsonObject data)
    {
        var single = NodeData.Selector(data, "assigned_variable_selector");
        var several = (NodeData.List(data, "items")?.OfType<JsonObject>() ?? [])
            .Select(item => NodeData.Selector(item, "variable_selector"));
        return several.Append(single).Where(selector => selector.Length >= 2);
    }

    /// <summary>A response node with its template.</summary>
    internal sealed class Response(NodeDefinition node, ResponseTemplate template)
    {
        public NodeDefinition Node { get; } = node;

        public ResponseTemplate Template { get; } = template;

        /// <summary>By edge index.</summary>
        public bool[] Blocking { get; set; } = [];
    }
}
