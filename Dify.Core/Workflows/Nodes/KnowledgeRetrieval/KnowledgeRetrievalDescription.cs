using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.KnowledgeRetrieval;

internal sealed class KnowledgeRetrievalDescription : INodeDescription
{
    public string Type => NodeTypes.KnowledgeRetrieval;

    public NodeCategory Category => NodeCategory.Basic;

    public string IconKey => "knowledge";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {
          "query_variable_selector": [],
          "dataset_ids": [],
          "retrieval_mode": "multiple",
          "multiple_retrieval_config": {"top_k": 4, "score_threshold": null, "reranking_enable": false}
        }
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        if (NodeData.Selector(data, "query_attachment_selector").Length == 0)
        {
            facts.Need("query_variable_selector", data["query_variable_selector"], "string");
        }
        else
        {
            facts.Select("query_variable_selector", data["query_variable_selector"], "string");
            facts.Select("query_attachment_selector", data["query_attachment_selector"]);
        }

        facts.Advise("dataset_ids", NodeData.List(data, "dataset_ids") is { Count: > 0 });
        if (NodeData.Object(data, "metadata_filtering_conditions") is { } filter && NodeData.Text(data, "metadata_filtering_mode") == "manual")
        {
            foreach (var (condition, place) in CommonFacts.Objects(filter, "conditions"))
            {
                facts.Text(place, NodeData.Text(condition, "value"));
            }
        }

        facts.Output("result", "array[object]");
    }
}
