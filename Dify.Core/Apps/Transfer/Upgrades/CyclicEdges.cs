using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>Takes out every edge that lies on a cycle: both its ends reach each other.</summary>
internal static class CyclicEdges
{
    public static int Apply(FileGraph graph)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            if (FileGraph.Id(node) is { } id)
            {
                places.TryAdd(id, places.Count);
            }
        }

        var outgoing = new List<int>[places.Count];
        for (var i = 0; i < outgoing.Length; i++)
        {
            outgoing[i] = [];
        }

        var ends = graph.Edges.Select(edge => Ends(edge, places)).ToList();
        foreach (var (source, target) in ends.OfType<(int, int)>())
        {
            outgoing[source].Add(target);
        }

        var groups = Groups(outgoing);
        var removed = 0;
        for (var i = ends.Count - 1; i >= 0; i--)
        {
            // Nodes of one group reach each other; an edge from a node to itself is a cycle too.
            if (ends[i] is { } edge && groups[edge.Source] == groups[edge.Target])
            {
                graph.EdgeList.RemoveAt(i);
                removed++;
            }
        }

        return removed;
    }

    private static (int Source, int Target)? Ends(JsonObject edge, Dictionary<string, int> places) =>
        NodeData.Text(edge, "source") is { } source && NodeData.Text(edge, "target") is { } target
        && places.TryGetValue(source, out var from) && places.TryGetValue(target, out var to)
            ? (from, to)
            : null;

    /// <summary>Strongly connected components after Tarjan, without recursion: a file may have a very long path.</summary>
    private static int[] Groups(List<int>[] outgoing)
    {
        var count = outgoing.Length;
        var (order, low, group, next) = (new int[count], new int[count], new int[count], new int[count]);
        Array.Fill(group, -1);
        var (open, path) = (new Stack<int>(), new Stack<int>());
        var (visited, groups) = (0, 0);
        for (var root = 0; root < count; root++)
        {
            if (order[root] != 0)
            {
                continue;
            }

            path.Push(root);
            while (path.TryPeek(out var node))
            {
                if (order[node] == 0)
                {
                    order[node] = low[node] = ++visited;
                    open.Push(node);
                }

                if (next[node] < outgoing[node].Count)
                {
                    var head = outgoing[node][next[node]++];
                    if (order[head] == 0)
                    {
                        path.Push(head);
                    }
                    else if (group[head] < 0)
                    {
                        low[node] = Math.Min(low[node], order[head]);
                    }

                    continue;
                }

                path.Pop();
                if (path.TryPeek(out var parent))
                {
                    low[parent] = Math.Min(low[parent], low[node]);
                }

                if (low[node] == order[node])
                {
                    int member;
                    do
                    {
                        member = open.Pop();
                        group[member] = groups;
                    }
                    while (member != node);
                    groups++;
                }
            }
        }

        return group;
    }
}
