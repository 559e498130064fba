using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.QuestionClassifier;

internal sealed class QuestionClassifierDescription : INodeDescription
{
    public string Type => "question-classifier";

    public NodeCategory Category => NodeCategory.Understanding;

    public string IconKey => "classifier";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {
          "query_variable_selector": [],
          "model": {"provider": "", "name": "", "mode": "chat", "completion_params": {"temperature": 0.7}},
          "classes": [{"id": "1", "name": ""}, {"id": "2", "name": ""}],
          "vision": {"enabled": false}
        }
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Model(data);
        facts.Need("query_variable_selector", data["query_variable_selector"]);
        facts.Require("classes", NodeData.List(data, "classes") is { Count: > 0 });
        foreach (var (choice, place) in CommonFacts.Objects(data, "classes"))
        {
            facts.Advise($"{place}.name", CommonFacts.HasText(choice, "name"));
            facts.Text(place, NodeData.Text(choice, "name"));
            facts.Handle(NodeData.Text(choice, "id"));
        }

        facts.Text("instruction", NodeData.Text(data, "instruction"));
        facts.MemoryAndVision(data);
        facts.Output("class_name", "string");
        facts.Output("class_id", "string");
        facts.Output("class_label", "string");
        facts.Output("usage", "object");
    }
}
