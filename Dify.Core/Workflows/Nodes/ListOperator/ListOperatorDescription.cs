using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.ListOperator;

internal sealed class ListOperatorDescription : INodeDescription
{
    public string Type => "list-operator";

    public NodeCategory Category => NodeCategory.Utilities;

    public string IconKey => "list";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {
          "variable": [],
          "filter_by": {"enabled": false, "conditions": []},
          "order_by": {"enabled": false, "key": "", "value": "asc"},
          "limit": {"enabled": false, "size": 10},
          "extract_by": {"enabled": false, "serial": "1"}
        }
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Need("variable", data["variable"], "array");
        foreach (var (part, key) in (ReadOnlySpan<(string, string)>)[("extract_by", "serial")])
        {
            if (NodeData.Object(data, part) is { } rule && NodeData.Flag(rule, "enabled"))
            {
                facts.Text(part, NodeData.Text(rule, key));
            }
        }

        if (NodeData.Object(data, "filter_by") is { } filter && NodeData.Flag(filter, "enabled"))
        {
            foreach (var (condition, place) in CommonFacts.Objects(filter, "conditions"))
            {
                facts.Require($"filter_by.{place}", CommonFacts.HasText(condition, "comparison_operator"));
                facts.Text($"filter_by.{place}", NodeData.Text(condition, "value"));
            }
        }

        var item = NodeData.Text(data, "item_var_type") is { Length: > 0 } type ? type : "any";
        facts.Output("result", NodeData.Text(data, "var_type") is { Length: > 0 } list ? list : "array[any]");
        facts.Output("first_record", item);
        facts.Output("last_record", item);
    }
}
