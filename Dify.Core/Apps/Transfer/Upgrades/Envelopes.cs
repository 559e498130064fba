using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>A node without a canvas type is a usual one; a graph that was never laid out stands in a row.</summary>
internal static class Envelopes
{
    private const int FirstX = 80;
    private const int Y = 282;
    private const int Distance = 300;

    public static int Apply(FileGraph graph)
    {
        var changed = 0;
        foreach (var node in graph.Nodes.Where(node => FileGraph.IsEmpty(node["type"])))
        {
            node["type"] = "custom";
            changed++;
        }

        if (graph.Nodes.FirstOrDefault() is not { } first || first["position"] is JsonObject)
        {
            return changed;
        }

        var place = 0;
        foreach (var node in graph.Nodes)
        {
            node["position"] = new JsonObject { ["x"] = FirstX + (Distance * place++), ["y"] = Y };
            changed++;
        }

        return changed;
    }
}
