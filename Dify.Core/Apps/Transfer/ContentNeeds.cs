using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Apps.Transfer;

/// <summary>What the content of an app refers to outside itself, gathered without asking anybody.</summary>
internal sealed class ContentNeeds
{
    private readonly Dictionary<(string Type, string Provider, string Name), List<string>> _models = [];
    private readonly Dictionary<(string Type, string Provider, string Name), List<string>> _tools = [];
    private readonly List<(string NodeId, string Title, string[] Ids)> _knowledge = [];

    public IReadOnlyDictionary<(string Type, string Provider, string Name), List<string>> Models => _models;

    public IReadOnlyDictionary<(string Type, string Provider, string Name), List<string>> Tools => _tools;

    public IReadOnlyList<(string NodeId, string Title, string[] Ids)> Knowledge => _knowledge;

    public IReadOnlyDictionary<string, int> NodeTypes { get; private init; } = new Dictionary<string, int>();

    public static ContentNeeds OfGraph(JsonObject graph)
    {
        var types = new Dictionary<string, int>(StringComparer.Ordinal);
        var needs = new ContentNeeds { NodeTypes = types };
        foreach (var node in (graph["nodes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (NodeData.Object(node, "data") is { } data && NodeData.Text(data, "type") is { Length: > 0 } type
                && NodeData.Text(node, "type") != "custom-note")
            {
                types[type] = types.GetValueOrDefault(type) + 1;
                needs.AddNode(NodeData.Text(node, "id") ?? "", type, data);
            }
        }

        return needs;
    }

    public static ContentNeeds OfModelConfig(JsonObject config)
    {
        var needs = new ContentNeeds();
        needs.AddModel("llm", config["model"], "provider", "name", "");
        var datasets = NodeData.Object(config, "dataset_configs") ?? [];
        needs.AddModel("rerank", datasets["reranking_model"], "reranking_provider_name", "reranking_model_name", "");
        var ids = (NodeData.List(NodeData.Object(datasets, "datasets") ?? [], "datasets") ?? []).OfType<JsonObject>()
            .Select(entry => NodeData.Text(NodeData.Object(entry, "dataset") ?? [], "id")).OfType<string>().ToArray();
        needs.AddKnowledge("", "", ids);
        foreach (var tool in (NodeData.List(NodeData.Object(config, "agent_mode") ?? [], "tools") ?? []).OfType<JsonObject>())
        {
            if (NodeData.Text(tool, "tool_name") is { } name)
            {
                Add(needs._tools, (NodeData.Text(tool, "provider_type") ?? "builtin", NodeData.Text(tool, "provider_id") ?? "", name), "");
            }
        }

        return needs;
    }

    private void AddNode(string id, string type, JsonObject data)
    {
        var title = NodeData.Text(data, "title") is { Length: > 0 } said ? said : id;
        switch (type)
        {
            case "llm" or "question-classifier" or "parameter-extractor":
                AddModel("llm", data["model"], "provider", "name", title);
                break;
            case "tool":
                Add(_tools, (NodeData.Text(data, "provider_type") ?? "builtin", NodeData.Text(data, "provider_id") ?? "",
                    NodeData.Text(data, "tool_name") ?? ""), title);
                break;
            case "agent":
                AddAgent(data, title);
                break;
            case "knowledge-retrieval":
                var several = NodeData.Object(data, "multiple_retrieval_config") ?? [];
                if (NodeData.Text(several, "reranking_mode") != "weighted_score" && NodeData.Flag(several, "reranking_enable", fallback: true))
                {
                    AddModel("rerank", several["reranking_model"], "provider", "model", title);
                }

                AddKnowledge(id, title, NodeData.Selector(data, "dataset_ids"));
                break;
        }
    }

    private void AddAgent(JsonObject data, string title)
    {
        Add(_tools, ("agent-strategy", NodeData.Text(data, "agent_strategy_provider_name") ?? "", NodeData.Text(data, "agent_strategy_name") ?? ""), title);
        var parameters = NodeData.Object(data, "agent_parameters") ?? [];
        AddModel("llm", NodeData.Object(parameters, "model")?["value"], "provider", "model", title);
        foreach (var tool in PluginIds.AgentTools(data))
        {
            Add(_tools, (NodeData.Text(tool, "type") ?? "builtin", NodeData.Text(tool, "provider_name") ?? "", NodeData.Text(tool, "tool_name") ?? ""), title);
        }
    }

    private void AddModel(string type, JsonNode? model, string provider, string name, string title)
    {
        if (model is JsonObject owner && NodeData.Text(owner, provider) is { Length: > 0 } by && NodeData.Text(owner, name) is { Length: > 0 } called)
        {
            Add(_models, (type, by, called), title);
        }
    }

    private void AddKnowledge(string id, string title, string[] ids)
    {
        if (ids.Length > 0)
        {
            _knowledge.Add((id, title, ids));
        }
    }

    private static void Add(Dictionary<(string, string, string), List<string>> found, (string, string, string) key, string title)
    {
        if (!found.TryGetValue(key, out var titles))
        {
            found[key] = titles = [];
        }

        if (title.Length > 0 && !titles.Contains(title))
        {
            titles.Add(title);
        }
    }
}
