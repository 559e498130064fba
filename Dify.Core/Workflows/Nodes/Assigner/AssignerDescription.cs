using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Assigner;

internal sealed class AssignerDescription : INodeDescription
{
    public string Type => NodeTypes.Assigner;

    public NodeCategory Category => NodeCategory.Transform;

    public string IconKey => "assigner";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"version": "2", "items": []}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        if (NodeData.List(data, "items") is null)
        {
            facts.Need("assigned_variable_selector", data["assigned_variable_selector"]);
            if (NodeData.Text(data, "write_mode") != "clear")
            {
                facts.Need("input_variable_selector", data["input_variable_selector"]);
            }

            return;
        }

        foreach (var (item, place) in CommonFacts.Objects(data, "items"))
        {
            facts.Need($"{place}.variable_selector", item["variable_selector"]);
            facts.Require($"{place}.operation", CommonFacts.HasText(item, "operation"));
            if (NodeData.Text(item, "input_type") == "variable" && NodeData.Text(item, "operation") is not ("clear" or "remove-first" or "remove-last"))
            {
                facts.Need($"{place}.value", item["value"]);
            }
        }
    }
}
