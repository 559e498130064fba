using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Llm;

internal sealed class LlmDescription : INodeDescription
{
    public string Type => NodeTypes.Llm;

    public NodeCategory Category => NodeCategory.Basic;

    public string IconKey => "llm";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {
          "prompt_template": [{"role": "system", "text": ""}],
          "model": {"provider": "", "name": "", "mode": "chat", "completion_params": {"temperature": 0.7}},
          "context": {"enabled": false, "variable_selector": []},
          "vision": {"enabled": false}
        }
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Model(data);
        if (data["prompt_template"] is JsonObject completion)
        {
            Prompt(completion, "prompt_template", facts);
        }
        else
        {
            facts.Advise("prompt_template", NodeData.List(data, "prompt_template") is not null);
            foreach (var (message, place) in CommonFacts.Objects(data, "prompt_template"))
            {
                Prompt(message, place, facts);
            }
        }

        if (NodeData.Object(data, "prompt_config") is { } config)
        {
            facts.Variables(config, "jinja2_variables");
        }

        if (NodeData.Object(data, "context") is { } context && NodeData.Flag(context, "enabled"))
        {
            facts.Select("context", context["variable_selector"]);
        }

        facts.MemoryAndVision(data);
        facts.Output("text", "string");
        facts.Output("reasoning_content", "string");
        facts.Output("usage", "object");
        facts.Output("finish_reason", "string");
        facts.Output("files", "array[file]");
        if (NodeData.Flag(data, "structured_output_enabled"))
        {
            facts.Output("structured_output", "object");
        }
    }

    private static void Prompt(JsonObject message, string place, NodeFacts facts)
    {
        if (NodeData.Text(message, "edition_type") != "jinja2")
        {
            facts.Text(place, NodeData.Text(message, "text"));
        }
    }
}
