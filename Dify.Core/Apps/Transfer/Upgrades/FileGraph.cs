using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>The graph of a file while it is brought up to date; a copy, so that it may be changed.</summary>
internal sealed class FileGraph
{
    private FileGraph(JsonObject json, JsonArray nodes, JsonArray edges) => (Json, NodeList, EdgeList) = (json, nodes, edges);

    public JsonObject Json { get; }

    public JsonArray NodeList { get; }

    public JsonArray EdgeList { get; }

    public IEnumerable<JsonObject> Nodes => NodeList.Cast<JsonObject>();

    public IEnumerable<JsonObject> Edges => EdgeList.Cast<JsonObject>();

    /// <exception cref="DifyException"><c>invalid_param</c>: nodes or edges are no lists of objects.</exception>
    public static FileGraph Copy(JsonObject graph)
    {
        var copy = (JsonObject)graph.DeepClone();
        return new FileGraph(copy, List(copy, "nodes"), List(copy, "edges"));
    }

    public IEnumerable<(JsonObject Node, JsonObject Data)> OfType(params string[] types) =>
        Nodes.Select(node => (node, Data(node))).Where(pair => types.Contains(Type(pair.Item1), StringComparer.Ordinal));

    public JsonObject? Find(string? id) => id is null ? null : Nodes.FirstOrDefault(node => Id(node) == id);

    public static string? Id(JsonObject node) => NodeData.Text(node, "id");

    public static string? Type(JsonObject node) => NodeData.Text(Data(node), "type");

    public static JsonObject Data(JsonObject node) => node["data"] as JsonObject ?? [];

    /// <summary>Python's idea of a value that says nothing.</summary>
    public static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonObject { Count: 0 } or JsonArray { Count: 0 } => true,
        JsonValue scalar => scalar.GetValueKind() == JsonValueKind.False || scalar.ToString() is "" or "0",
        _ => false,
    };

    private static JsonArray List(JsonObject graph, string key)
    {
        if (graph[key] is null)
        {
            graph[key] = new JsonArray();
        }

        return graph[key] is JsonArray list && list.All(item => item is JsonObject)
            ? list
            : throw DifyException.Invalid($"workflow.graph.{key}: a list of objects is expected.");
    }
}
