using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>The conditions of a node that knows one case only become its case <c>true</c>.</summary>
internal static class IfElseCases
{
    public static int Apply(FileGraph graph)
    {
        var changed = 0;
        foreach (var (_, data) in graph.OfType("if-else"))
        {
            if (data["cases"] is null && data["conditions"] is JsonArray conditions)
            {
                data["cases"] = new JsonArray(new JsonObject
                {
                    ["case_id"] = "true",
                    ["id"] = "true",
                    ["logical_operator"] = data["logical_operator"]?.DeepClone() ?? "and",
                    ["conditions"] = conditions.DeepClone(),
                });
                changed++;
            }
        }

        return changed;
    }
}
