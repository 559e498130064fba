using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;

namespace Dify.Core.Workflows.Nodes.TemplateTransform;

internal sealed class TemplateTransformDescription : INodeDescription
{
    public string Type => "template-transform";

    public NodeCategory Category => NodeCategory.Transform;

    public string IconKey => "template";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {"template": "{{ arg1 }}", "variables": [{"variable": "arg1", "value_selector": []}]}
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Require("template", data["template"] is JsonValue);
        facts.Variables(data, "variables");
        facts.Output("output", "string");
    }
}
