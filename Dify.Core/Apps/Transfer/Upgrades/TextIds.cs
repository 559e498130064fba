using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>Ids that a hand-written file has without quotes were read as numbers; all ids and selectors are texts.</summary>
internal static class TextIds
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "id", "parentId", "source", "target", "sourceHandle", "targetHandle",
        "iteration_id", "loop_id", "start_node_id", "case_id", "groupId",
    };

    /// <summary>What lies below these is the user's, not the format's.</summary>
    private static readonly HashSet<string> Foreign = new(StringComparer.Ordinal)
    {
        "value", "default", "schema", "structured_output", "output_schema", "json_schema", "completion_params",
        "tool_configurations", "tool_parameters", "agent_parameters", "params", "paramSchemas", "event_parameters",
    };

    public static int Apply(FileGraph graph)
    {
        var changed = 0;
        foreach (var item in graph.Nodes.Concat(graph.Edges))
        {
            Walk(item, ref changed);
        }

        foreach (var (_, data) in graph.OfType("variable-aggregator", "variable-assigner"))
        {
            foreach (var selector in (data["variables"] as JsonArray ?? []).OfType<JsonArray>())
            {
                ToTexts(selector, ref changed);
            }
        }

        return changed;
    }

    private static void Walk(JsonNode? node, ref int changed)
    {
        if (node is JsonObject owner)
        {
            foreach (var (name, value) in owner.ToList())
            {
                if (Names.Contains(name) && IsNumber(value))
                {
                    owner[name] = value!.ToString();
                    changed++;
                }
                else if (name.EndsWith("selector", StringComparison.Ordinal) && value is JsonArray selector)
                {
                    ToTexts(selector, ref changed);
                }
                else if (!Foreign.Contains(name))
                {
                    Walk(value, ref changed);
                }
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Walk(item, ref changed);
            }
        }
    }

    private static void ToTexts(JsonArray selector, ref int changed)
    {
        for (var i = 0; i < selector.Count; i++)
        {
            if (IsNumber(selector[i]))
            {
                selector[i] = selector[i]!.ToString();
                changed++;
            }
        }
    }

    private static bool IsNumber(JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number;
}
