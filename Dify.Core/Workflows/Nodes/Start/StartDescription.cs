using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Start;

internal sealed class StartDescription : INodeDescription
{
    public string Type => NodeTypes.Start;

    public NodeCategory Category => NodeCategory.Start;

    public string IconKey => "start";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"variables": []}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        foreach (var (input, place) in CommonFacts.Objects(data, "variables"))
        {
            facts.Require($"{place}.variable", CommonFacts.HasText(input, "variable"));
            facts.Output(NodeData.Text(input, "variable"), NodeData.Text(input, "type") switch
            {
                "text-input" or "paragraph" or "select" or "external_data_tool" => "string",
                "number" => "number",
                "checkbox" => "boolean",
                "file" => "file",
                "file-list" => "array[file]",
                "json_object" => "object",
                _ => "any",
            });
        }

        // Old graphs refer to the system variables through their start node.
        foreach (var (name, type) in SystemVariables.All)
        {
            facts.Output($"sys.{name}", type);
        }
    }
}
