using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.VariableAggregator;

internal sealed class VariableAggregatorDescription : INodeDescription
{
    public string Type => "variable-aggregator";

    public NodeCategory Category => NodeCategory.Transform;

    public string IconKey => "aggregator";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"output_type": "any", "variables": []}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        if (NodeData.Object(data, "advanced_settings") is { } settings && NodeData.Flag(settings, "group_enabled"))
        {
            foreach (var (group, place) in CommonFacts.Objects(settings, "groups"))
            {
                facts.Require($"{place}.group_name", CommonFacts.HasText(group, "group_name"));
                Inputs(group, $"{place}.variables", facts);
                facts.Output(NodeData.Text(group, "group_name"), "object");
            }

            return;
        }

        Inputs(data, "variables", facts);
        facts.Output("output", NodeData.Text(data, "output_type") ?? "any");
    }

    private static void Inputs(JsonObject owner, string place, NodeFacts facts)
    {
        var selectors = NodeData.List(owner, "variables") ?? [];
        facts.Advise(place, selectors.Count > 0);
        foreach (var selector in selectors)
        {
            facts.Select(place, selector);
        }
    }
}

/// <summary>The old name of the same node.</summary>
internal sealed class OldVariableAggregatorDescription : INodeDescription
{
    private static readonly VariableAggregatorDescription Same = new();

    public string Type => "variable-assigner";

    public NodeCategory Category => NodeCategory.Inner;

    public string IconKey => Same.IconKey;

    public void Describe(JsonObject data, NodeFacts facts) => Same.Describe(data, facts);
}
