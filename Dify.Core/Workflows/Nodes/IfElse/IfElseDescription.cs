using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.IfElse;

internal sealed class IfElseDescription : INodeDescription
{
    public string Type => NodeTypes.IfElse;

    public NodeCategory Category => NodeCategory.Logic;

    public string IconKey => "if-else";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"cases": [{"case_id": "true", "logical_operator": "and", "conditions": []}]}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        if (NodeData.List(data, "cases") is null)
        {
            facts.Conditions(data, "conditions");
            facts.Handle("true");
        }

        foreach (var (branch, place) in CommonFacts.Objects(data, "cases"))
        {
            facts.Advise($"{place}.conditions", NodeData.List(branch, "conditions") is { Count: > 0 });
            facts.Conditions(branch, "conditions");
            facts.Handle(NodeData.Text(branch, "case_id") ?? NodeData.Text(branch, "id"));
        }

        facts.Handle("false");
        facts.Output("result", "boolean");
        facts.Output("selected_case_id", "string");
    }
}
