using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.HumanInput;

internal sealed class HumanInputDescription : INodeDescription
{
    public string Type => "human-input";

    public NodeCategory Category => NodeCategory.Logic;

    public string IconKey => "human-input";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {
          "delivery_methods": [],
          "form_content": "",
          "inputs": [],
          "user_actions": [],
          "timeout": 3,
          "timeout_unit": "day"
        }
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Text("form_content", NodeData.Text(data, "form_content"));
        facts.Require("user_actions", NodeData.List(data, "user_actions") is { Count: > 0 });
        facts.Advise("delivery_methods", CommonFacts.Objects(data, "delivery_methods").Any(method => NodeData.Flag(method.Item, "enabled", true)));
        foreach (var (field, place) in CommonFacts.Objects(data, "inputs"))
        {
            facts.Require($"{place}.output_variable_name", CommonFacts.HasText(field, "output_variable_name"));
            if (NodeData.Object(field, "default") is { } start && NodeData.Text(start, "type") == "variable")
            {
                facts.Select($"{place}.default", start["selector"]);
            }

            if (NodeData.Object(field, "option_source") is { } options && NodeData.Text(options, "type") == "variable")
            {
                facts.Select($"{place}.option_source", options["selector"], "array");
            }

            facts.Output(NodeData.Text(field, "output_variable_name"), NodeData.Text(field, "type") switch
            {
                "file" => "file",
                "file-list" => "array[file]",
                _ => "string",
            });
        }

        foreach (var (method, place) in CommonFacts.Objects(data, "delivery_methods"))
        {
            if (NodeData.Object(method, "config") is { } config)
            {
                facts.Text(place, NodeData.Text(config, "subject"));
                facts.Text(place, NodeData.Text(config, "body"));
            }
        }

        foreach (var (action, place) in CommonFacts.Objects(data, "user_actions"))
        {
            facts.Require($"{place}.id", CommonFacts.HasText(action, "id"));
            facts.Handle(NodeData.Text(action, "id"));
        }

        facts.Handle("__timeout");
        facts.Output("__action_id", "string");
        facts.Output("__action_value", "string");
        facts.Output("__rendered_content", "string");
    }
}
