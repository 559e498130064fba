using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Web.Components.Pages.Workflows.Outline;

/// <summary>A node as it lies in a draft.</summary>
/// <param name="ContainerId">The iteration or loop around it.</param>
public sealed record DraftNode(string Id, string Type, string Title, string Description, string? ContainerId, JsonObject Data);

/// <summary>A wire from a handle of one node to another node.</summary>
public sealed record DraftEdge(string Source, string Handle, string Target);

/// <summary>A graph read leniently: a page shows also what cannot run. Notes and wires that lead nowhere are left out.</summary>
public sealed class DraftGraph
{
    private readonly Dictionary<string, DraftNode> _byId;
    private readonly ILookup<string, DraftEdge> _outgoing;

    private DraftGraph(List<DraftNode> nodes, List<DraftEdge> edges)
    {
        Nodes = nodes;
        Edges = edges;
        _byId = nodes.ToDictionary(node => node.Id, StringComparer.Ordinal);
        _outgoing = edges.ToLookup(edge => edge.Source, StringComparer.Ordinal);
    }

    public static DraftGraph Empty { get; } = new([], []);

    public IReadOnlyList<DraftNode> Nodes { get; }

    public IReadOnlyList<DraftEdge> Edges { get; }

    public DraftNode? Find(string? id) => id is null ? null : _byId.GetValueOrDefault(id);

    /// <summary>The node that asks for the inputs of a run.</summary>
    public DraftNode? Start => Nodes.FirstOrDefault(node => node.Type == "start");

    public IEnumerable<DraftEdge> From(string id) => _outgoing[id];

    public static DraftGraph Read(JsonObject graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var nodes = new List<DraftNode>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in List(graph, "nodes"))
        {
            var data = item["data"] as JsonObject;
            if (Text(item, "type") != "custom-note" && data is not null
                && Text(item, "id") is { Length: > 0 } id && Text(data, "type") is { Length: > 0 } type && known.Add(id))
            {
                var container = Text(data, "iteration_id") ?? Text(data, "loop_id") ?? Text(item, "parentId");
                nodes.Add(new DraftNode(id, type, Text(data, "title") ?? "", Text(data, "desc") ?? "", container, data));
            }
        }

        var edges = List(graph, "edges")
            .Select(item => (Source: Text(item, "source"), Handle: Text(item, "sourceHandle") ?? "source", Target: Text(item, "target")))
            .Where(edge => edge.Source is not null && edge.Target is not null && known.Contains(edge.Source) && known.Contains(edge.Target))
            .Select(edge => new DraftEdge(edge.Source!, edge.Handle, edge.Target!))
            .ToList();
        return new DraftGraph(nodes, edges);
    }

    internal static string? Text(JsonObject data, string key) =>
        data[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text ? text : null;

    internal static IEnumerable<JsonObject> List(JsonObject data, string key) => (data[key] as JsonArray)?.OfType<JsonObject>() ?? [];
}
