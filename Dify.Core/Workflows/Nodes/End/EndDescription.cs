using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.End;

internal sealed class EndDescription : INodeDescription
{
    public string Type => NodeTypes.End;

    public NodeCategory Category => NodeCategory.Basic;

    public string IconKey => "output";

    public bool RunsAlone => false;

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"outputs": []}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        foreach (var (output, place) in CommonFacts.Objects(data, "outputs"))
        {
            facts.Require($"{place}.variable", CommonFacts.HasText(output, "variable"));
            facts.Select(place, output["value_selector"]);
            facts.Output(NodeData.Text(output, "variable"), "any");
        }
    }
}
