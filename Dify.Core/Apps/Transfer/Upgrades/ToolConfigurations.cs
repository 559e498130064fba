using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>Raw settings of tools become <c>{type: constant, value}</c>, which newer nodes alone read.</summary>
internal static class ToolConfigurations
{
    public static int Apply(FileGraph graph)
    {
        var changed = 0;
        foreach (var (_, data) in graph.OfType("tool"))
        {
            if (!FileGraph.IsEmpty(data["version"]) || !FileGraph.IsEmpty(data["tool_node_version"]))
            {
                continue;
            }

            data["tool_node_version"] = "2";
            changed++;
            foreach (var (name, value) in (data["tool_configurations"] as JsonObject ?? []).ToList())
            {
                if (value is null or JsonValue)
                {
                    data["tool_configurations"]![name] = new JsonObject { ["type"] = "constant", ["value"] = value?.DeepClone() };
                }
            }
        }

        return changed;
    }
}
