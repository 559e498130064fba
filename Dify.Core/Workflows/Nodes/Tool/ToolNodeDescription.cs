using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Tool;

internal sealed class ToolNodeDescription : INodeDescription
{
    public string Type => "tool";

    public NodeCategory Category => NodeCategory.Utilities;

    public string IconKey => "tool";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"provider_id": "", "provider_type": "builtin", "provider_name": "", "tool_name": "", "tool_label": "", "tool_configurations": {}, "tool_parameters": {}}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Require("provider_id", CommonFacts.HasText(data, "provider_id") || CommonFacts.HasText(data, "provider_name"));
        facts.Require("tool_name", CommonFacts.HasText(data, "tool_name"));
        Parameters(data, "tool_parameters", facts);
        Parameters(data, "tool_configurations", facts);
        facts.Output("text", "string");
        facts.Output("files", "array[file]");
        facts.Output("json", "array[object]");
        foreach (var (name, schema) in NodeData.Object(NodeData.Object(data, "output_schema") ?? [], "properties") ?? [])
        {
            facts.Output(name, CommonFacts.TypeOfSchema(schema));
        }

        // A tool can give variables that its description does not name.
        facts.OpenOutputs();
    }

    private static void Parameters(JsonObject data, string field, NodeFacts facts)
    {
        foreach (var (name, value) in NodeData.Object(data, field) ?? [])
        {
            if (value is JsonObject parameter)
            {
                if (NodeData.Text(parameter, "type") == "variable")
                {
                    facts.Select($"{field}.{name}", parameter["value"]);
                }
                else
                {
                    facts.Text($"{field}.{name}", NodeData.Text(parameter, "value"));
                }
            }
        }
    }
}
