using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.ParameterExtractor;

internal sealed class ParameterExtractorDescription : INodeDescription
{
    public string Type => "parameter-extractor";

    public NodeCategory Category => NodeCategory.Transform;

    public string IconKey => "extractor";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {
          "query": [],
          "model": {"provider": "", "name": "", "mode": "chat", "completion_params": {"temperature": 0.7}},
          "parameters": [],
          "reasoning_mode": "prompt",
          "vision": {"enabled": false}
        }
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Model(data);
        facts.Need("query", data["query"]);
        facts.Require("parameters", NodeData.List(data, "parameters") is { Count: > 0 });
        facts.Text("instruction", NodeData.Text(data, "instruction"));
        facts.MemoryAndVision(data);
        foreach (var (parameter, place) in CommonFacts.Objects(data, "parameters"))
        {
            facts.Require($"{place}.name", CommonFacts.HasText(parameter, "name"));
            facts.Output(NodeData.Text(parameter, "name"), NodeData.Text(parameter, "type") switch
            {
                "bool" => "boolean",
                "select" => "string",
                { Length: > 0 } type => type,
                _ => "any",
            });
        }

        facts.Output("__is_success", "number");
        facts.Output("__reason", "string");
        facts.Output("__usage", "object");
    }
}
