namespace Dify.Web.Components.Pages.Workflows.Outline;

/// <summary>
/// A graph as lines to read from top to bottom: what runs after something stands below it, branches and the inside of
/// iterations and loops are indented, and where branches meet again the lines go on at the level before.
/// </summary>
public sealed class GraphOutline
{
    private readonly DraftGraph _graph;
    private readonly List<OutlineRow> _rows = [];
    private readonly HashSet<string> _placed = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> _before;
    private readonly ILookup<string, DraftNode> _children;
    private bool _detached;

    private GraphOutline(DraftGraph graph)
    {
        _graph = graph;
        _before = graph.Edges.ToLookup(edge => edge.Target, edge => edge.Source, StringComparer.Ordinal);
        _children = graph.Nodes.Where(node => node.ContainerId is not null).ToLookup(node => node.ContainerId!, StringComparer.Ordinal);
    }

    public static IReadOnlyList<OutlineRow> Of(DraftGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var outline = new GraphOutline(graph);
        outline.PlaceAll();
        return outline._rows;
    }

    private static bool IsRoot(DraftNode node) =>
        node.Type is "start" or "datasource" || node.Type.StartsWith("trigger-", StringComparison.Ordinal);

    private static bool IsMarker(DraftNode node) => node.Type is "iteration-start" or "loop-start";

    private void PlaceAll()
    {
        var top = _graph.Nodes.Where(node => _graph.Find(node.ContainerId) is null).ToList();
        var all = top.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
        Place([.. top.Where(IsRoot).Select(node => node.Id)], all, 0, null);
        _detached = true;
        var rest = top.Where(node => !_placed.Contains(node.Id)).ToList();
        Place([.. rest.Where(node => !_before[node.Id].Any(all.Contains)).Concat(rest).Select(node => node.Id)], all, 0, null);

        // A container in itself, or the like: nothing is left out.
        foreach (var node in _graph.Nodes.Where(node => !IsMarker(node) && _placed.Add(node.Id)))
        {
            _rows.Add(new OutlineRow(node, 0, IsDetached: true));
        }
    }

    private void Place(List<string> entries, HashSet<string> allowed, int depth, OutlineLane? lane)
    {
        while (true)
        {
            entries = [.. entries.Where(id => allowed.Contains(id) && !_placed.Contains(id)).Distinct(StringComparer.Ordinal)];
            if (entries.Count == 0)
            {
                return;
            }

            if (entries.Count > 1)
            {
                var before = _placed.Count;
                var meeting = PlaceLanes([.. entries.Select(id => ((OutlineLane?)null, id))], allowed, depth, 0);
                entries = before == _placed.Count ? [entries[0]] : meeting;
                continue;
            }

            var node = _graph.Find(entries[0])!;
            PlaceNode(node, depth, lane);
            lane = null;
            var exits = OutlineLanes.Of(_graph, node).Where(exit => allowed.Contains(exit.Target)).ToList();
            entries = exits is [(null, var only)] ? [only] : PlaceLanes(exits, allowed, depth, 1);
        }
    }

    private void PlaceNode(DraftNode node, int depth, OutlineLane? lane)
    {
        _placed.Add(node.Id);
        if (!IsMarker(node))
        {
            _rows.Add(new OutlineRow(node, depth, lane, IsDetached: _detached));
        }

        var inside = _children[node.Id].ToList();
        if (inside.Count > 0)
        {
            var allowed = inside.Select(child => child.Id).ToHashSet(StringComparer.Ordinal);
            var first = inside.Where(child => IsMarker(child) || !_before[child.Id].Any(allowed.Contains)).OrderByDescending(IsMarker);
            Place([.. first.Concat(inside).Select(child => child.Id)], allowed, IsMarker(node) ? depth : depth + 1, null);
        }
    }

    /// <returns>Where lanes meet: what more than one of them reaches.</returns>
    private List<string> PlaceLanes(List<(OutlineLane? Lane, string Target)> lanes, HashSet<string> allowed, int depth, int indent)
    {
        var reached = lanes.ConvertAll(lane => Reach(lane.Target, allowed));
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in reached.SelectMany(set => set))
        {
            counts[id] = counts.GetValueOrDefault(id) + 1;
        }

        for (var at = 0; at < lanes.Count; at++)
        {
            var (lane, target) = lanes[at];
            if (counts.GetValueOrDefault(target) == 1)
            {
                Place([target], [.. reached[at].Where(id => counts[id] == 1)], depth + indent, lane);
            }
            else if (lane is not null)
            {
                _rows.Add(new OutlineRow(null, depth + indent, lane, _graph.Find(target), _detached));
            }
        }

        var shared = _graph.Nodes.Where(node => counts.GetValueOrDefault(node.Id) > 1 && !_placed.Contains(node.Id)).Select(node => node.Id).ToList();
        var meeting = shared.ToHashSet(StringComparer.Ordinal);
        var first = shared.FindAll(id => !_before[id].Any(meeting.Contains));
        return first.Count > 0 ? first : [.. shared.Take(1)];
    }

    private HashSet<string> Reach(string from, HashSet<string> allowed)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([from]);
        while (open.TryPop(out var id))
        {
            if (allowed.Contains(id) && !_placed.Contains(id) && seen.Add(id))
            {
                foreach (var edge in _graph.From(id))
                {
                    open.Push(edge.Target);
                }
            }
        }

        return seen;
    }
}
