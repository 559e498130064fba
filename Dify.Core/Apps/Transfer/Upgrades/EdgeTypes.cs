using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>Fills in what an edge leaves out: its kind, its handles and the types of its ends.</summary>
internal static class EdgeTypes
{
    public static int Apply(FileGraph graph)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            if (FileGraph.Id(node) is { } id && FileGraph.Type(node) is { } type)
            {
                types[id] = type;
            }
        }

        return graph.Edges.Count(edge =>
            (Fill(edge, "type", "custom") | Fill(edge, "sourceHandle", "source") | Fill(edge, "targetHandle", "target")
            | FillType(edge, "source", types) | FillType(edge, "target", types)) != 0);
    }

    private static int FillType(JsonObject edge, string end, Dictionary<string, string> types)
    {
        if (edge[end] is not JsonValue id || !types.TryGetValue(id.ToString(), out var type))
        {
            return 0;
        }

        if (edge["data"] is not JsonObject)
        {
            edge["data"] = new JsonObject();
        }

        return Fill((JsonObject)edge["data"]!, end + "Type", type);
    }

    private static int Fill(JsonObject owner, string key, string value)
    {
        if (!FileGraph.IsEmpty(owner[key]))
        {
            return 0;
        }

        owner[key] = value;
        return 1;
    }
}
