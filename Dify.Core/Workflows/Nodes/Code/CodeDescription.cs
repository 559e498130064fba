using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Code;

internal sealed class CodeDescription : INodeDescription
{
    public string Type => "code";

    public NodeCategory Category => NodeCategory.Transform;

    public string IconKey => "code";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {
          "code_language": "python3",
          "code": "def main(arg1: str, arg2: str):\n    return {\n        \"result\": arg1 + arg2,\n    }\n",
          "variables": [{"variable": "arg1", "value_selector": []}, {"variable": "arg2", "value_selector": []}],
          "outputs": {"result": {"type": "string", "children": null}}
        }
        """);

    public JsonObject CreateDefaults(JsonObject wishes)
    {
        var defaults = CreateDefaults();
        if (NodeData.Text(wishes, "code_language") == "javascript")
        {
            defaults["code_language"] = "javascript";
            defaults["code"] = """
                function main({arg1, arg2}) {
                    return {
                        result: arg1 + arg2
                    }
                }

                """.ReplaceLineEndings("\n");
        }

        return defaults;
    }

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Require("code", CommonFacts.HasText(data, "code"));
        facts.Require("code_language", NodeData.Text(data, "code_language") is "python3" or "javascript");
        facts.Variables(data, "variables");
        foreach (var (name, output) in NodeData.Object(data, "outputs") ?? [])
        {
            facts.Output(name, output is JsonObject declared && NodeData.Text(declared, "type") is { Length: > 0 } type ? type : "any");
        }
    }
}
