using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Definitions;

/// <summary>
/// What can be known of streaming before a run: the templates of the response nodes, which variables they refer to,
/// and which edges hold a response back until they are taken. Responses that the same edges hold back share a gate.
/// </summary>
internal sealed class StreamPlan
{
    private readonly GraphDefinition _graph;

    public StreamPlan(GraphDefinition graph)
    {
        _graph = graph;
        Responses = new Response?[graph.Nodes.Count];
        var places = Places(graph);
        var writers = Writers(graph);
        var slots = new Dictionary<(string, string), int>();
        var gates = new List<Gate>();
        var gateOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var nodes = graph.Nodes
            .Where(node => node.Type is NodeTypes.Answer or NodeTypes.End)
            .OrderBy(node => places[node.Index])
            .ThenBy(node => node.Id, StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var template = ResponseTemplate.Of(node);
            var holding = new SortedSet<int>();
            foreach (var selector in template.Segments.Select(segment => segment.Selector).OfType<IReadOnlyList<string>>())
            {
                if (selector.Count == 2)
                {
                    slots.TryAdd((selector[0], selector[1]), slots.Count);
                }

                if (selector.Count >= 2 && writers.TryGetValue((selector[0], selector[1]), out var assigners))
                {
                    holding.UnionWith(assigners);
                }
            }

            var key = string.Join(',', holding);
            if (!gateOf.TryGetValue(key, out var gate))
            {
                gateOf[key] = gate = gates.Count;
                gates.Add(new Gate(graph, holding));
            }

            Responses[node.Index] = new Response(node, template, gate, Count++);
        }

        foreach (var gate in gates)
        {
            Extend(gate, graph.Root.Index, gate.Reached, []);
        }

        Slots = slots;
        Gates = [.. gates];
    }

    public Gate[] Gates { get; }

    /// <summary>By node index; null for nodes that answer nothing.</summary>
    public Response?[] Responses { get; }

    /// <summary>Of the responses.</summary>
    public int Count { get; }

    /// <summary>Variables whose pieces are wanted; pieces of all others are dropped.</summary>
    public Dictionary<(string NodeId, string Name), int> Slots { get; }

    /// <summary>Goes on from a node that can be reached over edges that hold nothing back, or have been taken.</summary>
    /// <param name="reached">By node index; grows.</param>
    /// <param name="found">Gets the response nodes among those that are new.</param>
    public void Extend(Gate gate, int from, bool[] reached, List<Response> found)
    {
        var pending = new Stack<int>();
        reached[from] = true;
        pending.Push(from);
        while (pending.TryPop(out var node))
        {
            if (Responses[node] is { } response && Gates is not null && Gates[response.Gate] == gate)
            {
                found.Add(response);
            }

            foreach (var edge in _graph.Outgoing[node])
            {
                var head = _graph.Edges[edge].Target;
                if (!reached[head] && !gate.Blocking[edge])
                {
                    reached[head] = true;
                    pending.Push(head);
                }
            }
        }
    }

    /// <summary>The order in which one worker would come to the nodes when no branch decided anything; the rest first.</summary>
    private static int[] Places(GraphDefinition graph)
    {
        var places = new int[graph.Nodes.Count];
        Array.Fill(places, -1);
        var order = new List<int>(places.Length) { graph.Root.Index };
        places[graph.Root.Index] = 0;
        for (var next = 0; next < order.Count; next++)
        {
            foreach (var edge in graph.Outgoing[order[next]])
            {
                var head = graph.Edges[edge].Target;
                if (places[head] < 0)
                {
                    places[head] = order.Count;
                    order.Add(head);
                }
            }
        }

        return places;
    }

    /// <summary>Which assigners write a variable.</summary>
    private static Dictionary<(string, string), List<int>> Writers(GraphDefinition graph)
    {
        var writers = new Dictionary<(string, string), List<int>>();
        foreach (var node in graph.Nodes.Where(node => node.Type == NodeTypes.Assigner))
        {
            foreach (var written in Written(node.Data))
            {
                if (!writers.TryGetValue((written[0], written[1]), out var nodes))
                {
                    writers[(written[0], written[1])] = nodes = [];
                }

                nodes.Add(node.Index);
            }
        }

        return writers;
    }

    private static IEnumerable<string[]> Written(JsonObject data)
    {
        var single = NodeData.Selector(data, "assigned_variable_selector");
        var several = (NodeData.List(data, "items")?.OfType<JsonObject>() ?? [])
            .Select(item => NodeData.Selector(item, "variable_selector"));
        return several.Append(single).Where(selector => selector.Length >= 2);
    }

    /// <summary>A response node with its template.</summary>
    /// <param name="Order">The turn that it comes to when several become ready at once.</param>
    internal sealed record Response(NodeDefinition Node, ResponseTemplate Template, int Gate, int Order);

    /// <summary>Which edges hold a group of responses back.</summary>
    internal sealed class Gate
    {
        public Gate(GraphDefinition graph, SortedSet<int> assigners)
        {
            Blocking = new bool[graph.Edges.Count];
            for (var edge = 0; edge < Blocking.Length; edge++)
            {
                var tail = graph.Nodes[graph.Edges[edge].Source];
                Blocking[edge] = tail.Kind is NodeKind.Branch or NodeKind.Container or NodeKind.Response
                    || assigners.Contains(tail.Index);
            }

            Reached = new bool[graph.Nodes.Count];
        }

        /// <summary>By edge index.</summary>
        public bool[] Blocking { get; }

        /// <summary>Nodes that can be reached while no blocking edge has been taken.</summary>
        public bool[] Reached { get; }
    }
}
