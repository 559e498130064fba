using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Loop;

internal sealed class LoopDescription : INodeDescription
{
    public string Type => NodeTypes.Loop;

    public NodeCategory Category => NodeCategory.Logic;

    public string IconKey => "loop";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"loop_count": 10, "logical_operator": "and", "break_conditions": [], "loop_variables": [], "error_handle_mode": "terminated"}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Require("loop_count", NodeData.Number(data, "loop_count") is >= 1);
        facts.Conditions(data, "break_conditions", isInner: true);
        facts.Inner("index", "number");
        foreach (var (variable, place) in CommonFacts.Objects(data, "loop_variables"))
        {
            facts.Require($"{place}.label", CommonFacts.HasText(variable, "label"));
            if (NodeData.Text(variable, "value_type") == "variable")
            {
                facts.Need(place, variable["value"]);
            }

            var type = NodeData.Text(variable, "var_type") ?? "any";
            facts.Inner(NodeData.Text(variable, "label"), type);
            facts.Output(NodeData.Text(variable, "label"), type);
        }

        facts.Output("loop_round", "number");
    }
}
