using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Drafts;

/// <summary>Applies small steps to a graph in place. What a step does not name is left as it is.</summary>
internal sealed class GraphEditing
{
    private const int MostChanges = 2000;
    private const int LongestId = 255;

    private readonly JsonObject _graph;
    private readonly JsonArray _nodes;
    private readonly JsonArray _edges;
    private readonly Dictionary<string, JsonObject> _nodesById = new(StringComparer.Ordinal);
    private readonly List<Link> _links = [];

    private GraphEditing(JsonObject graph)
    {
        _graph = graph;
        _nodes = ListOf(graph, "nodes");
        _edges = ListOf(graph, "edges");
        foreach (var node in _nodes.OfType<JsonObject>())
        {
            if (NodeData.Text(node, "id") is { } id)
            {
                _nodesById[id] = node;
            }
        }

        _links.AddRange(_edges.OfType<JsonObject>().Select(LinkOf));
    }

    /// <exception cref="DifyException"><c>invalid_param</c> that names the step; the graph is then of no use any more.</exception>
    public static void Apply(JsonObject graph, IReadOnlyList<GraphChange> changes)
    {
        if (changes.Count > MostChanges)
        {
            throw DifyException.Invalid($"changes: at most {MostChanges} at once.");
        }

        var editing = new GraphEditing(graph);
        for (var step = 0; step < changes.Count; step++)
        {
            if (editing.Apply(changes[step]) is { } problem)
            {
                throw DifyException.Invalid($"changes[{step}]: {problem}");
            }
        }
    }

    private string? Apply(GraphChange change)
    {
        if (change is null)
        {
            return "it is empty.";
        }

        if (change.Kind != GraphChangeKind.SetViewport && change.Id is not { Length: > 0 and <= LongestId })
        {
            return $"id: give one of 1 to {LongestId} characters.";
        }

        return change.Kind switch
        {
            GraphChangeKind.AddNode => AddNode(change.Id, change.Value),
            GraphChangeKind.UpdateNode => UpdateNode(change.Id, change.Value),
            GraphChangeKind.MoveNode => MoveNode(change.Id, change.Value),
            GraphChangeKind.RemoveNode => RemoveNode(change.Id),
            GraphChangeKind.AddEdge => AddEdge(change.Id, change.Value),
            GraphChangeKind.RemoveEdge => RemoveEdges(link => link.Id == change.Id),
            GraphChangeKind.SetViewport => SetViewport(change.Value),
            _ => "this kind of change is not known.",
        };
    }

    private string? AddNode(string id, JsonObject? value)
    {
        if (value is null || NodeData.Object(value, "data") is null)
        {
            return "value: give the node with its data.";
        }

        if (_nodesById.ContainsKey(id))
        {
            return $"a node '{id}' is there already.";
        }

        var node = (JsonObject)value.DeepClone();
        node["id"] = id;
        _nodes.Add(node);
        _nodesById[id] = node;
        return null;
    }

    private string? UpdateNode(string id, JsonObject? value)
    {
        if (!_nodesById.TryGetValue(id, out var node))
        {
            return $"there is no node '{id}'.";
        }

        if (value is null)
        {
            return "value: give the fields to change.";
        }

        if (node["data"] is not JsonObject data)
        {
            node["data"] = data = [];
        }

        foreach (var (name, field) in value)
        {
            if (field is null)
            {
                data.Remove(name);
            }
            else
            {
                data[name] = field.DeepClone();
            }
        }

        return null;
    }

    private string? MoveNode(string id, JsonObject? value)
    {
        if (!_nodesById.TryGetValue(id, out var node))
        {
            return $"there is no node '{id}'.";
        }

        if (value is null || NodeData.Number(value, "x") is not { } x || NodeData.Number(value, "y") is not { } y)
        {
            return "value: give x and y.";
        }

        var (atX, atY) = (x, y);
        if (NodeData.Text(node, "parentId") is { } parentId && _nodesById.TryGetValue(parentId, out var parent)
            && NodeData.Object(parent, "position") is { } around)
        {
            atX += NodeData.Number(around, "x") ?? 0;
            atY += NodeData.Number(around, "y") ?? 0;
        }

        node["position"] = new JsonObject { ["x"] = x, ["y"] = y };
        node["positionAbsolute"] = new JsonObject { ["x"] = atX, ["y"] = atY };
        return null;
    }

    private string? RemoveNode(string id)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal) { id };
        for (var before = 0; before < gone.Count;)
        {
            before = gone.Count;
            gone.UnionWith(_nodesById
                .Where(entry => NodeData.Text(entry.Value, "parentId") is { } parent && gone.Contains(parent))
                .Select(entry => entry.Key));
        }

        foreach (var name in gone)
        {
            if (_nodesById.Remove(name, out var node))
            {
                _nodes.Remove(node);
            }
        }

        return RemoveEdges(link => gone.Contains(link.Source) || gone.Contains(link.Target));
    }

    private string? AddEdge(string id, JsonObject? value)
    {
        if (value is null)
        {
            return "value: give the edge.";
        }

        var link = LinkOf((JsonObject)value.DeepClone());
        if (!_nodesById.ContainsKey(link.Source) || !_nodesById.ContainsKey(link.Target))
        {
            return "value: source and target are nodes of the graph.";
        }

        RemoveEdges(known => known.Id == id);
        link.Edge["id"] = id;
        _edges.Add(link.Edge);
        _links.Add(link with { Id = id });
        return null;
    }

    private string? RemoveEdges(Predicate<Link> which)
    {
        foreach (var link in _links.FindAll(which))
        {
            _edges.Remove(link.Edge);
        }

        _links.RemoveAll(which);
        return null;
    }

    private string? SetViewport(JsonObject? value)
    {
        if (value is null || NodeData.Number(value, "x") is null || NodeData.Number(value, "y") is null
            || NodeData.Number(value, "zoom") is null)
        {
            return "value: give x, y and zoom.";
        }

        _graph["viewport"] = value.DeepClone();
        return null;
    }

    private static JsonArray ListOf(JsonObject graph, string name)
    {
        if (graph[name] is JsonArray list)
        {
            return list;
        }

        var made = new JsonArray();
        graph[name] = made;
        return made;
    }

    private static Link LinkOf(JsonObject edge) => new(
        edge, NodeData.Text(edge, "id") ?? "", NodeData.Text(edge, "source") ?? "", NodeData.Text(edge, "target") ?? "");

    private sealed record Link(JsonObject Edge, string Id, string Source, string Target);
}
