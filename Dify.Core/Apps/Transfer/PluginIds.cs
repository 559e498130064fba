using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Apps.Transfer;

/// <summary>Which of Dify's plugins the content of an app needs, as <c>org/plugin</c>.</summary>
internal static class PluginIds
{
    private static readonly string[] BuiltInTools = ["audio", "code", "time", "webscraper"];

    private static readonly string[] ToolsOfTheirOwn = ["jina", "siliconflow", "stepfun", "gitee_ai"];

    /// <summary>The plugin of a model provider; null for an id of another shape.</summary>
    public static string? OfModel(string? provider) => Split(provider) switch
    {
        [var name] => name == "google" ? "langgenius/gemini" : $"langgenius/{name}",
        [var org, var plugin, _] => $"{org}/{plugin}",
        _ => null,
    };

    /// <summary>The plugin of a tool provider; null for those that need none and for ids of another shape.</summary>
    public static string? OfTool(string? provider) => Split(provider) switch
    {
        [var name] when BuiltInTools.Contains(name) => null,
        [var name] => ToolsOfTheirOwn.Contains(name) ? $"langgenius/{name}_tool" : $"langgenius/{name}",
        [var org, var plugin, _] => $"{org}/{plugin}",
        _ => null,
    };

    /// <summary>Of a dependency entry: <c>org/name</c> of <c>org/name:version@hash</c>.</summary>
    public static string? OfDependency(JsonNode? entry)
    {
        var value = (entry as JsonObject)?["value"] as JsonObject ?? [];
        var identifier = NodeData.Text(value, "marketplace_plugin_unique_identifier")
            ?? NodeData.Text(value, "github_plugin_unique_identifier") ?? NodeData.Text(value, "plugin_unique_identifier");
        return identifier?.Split(':', '@')[0] is { Length: > 0 } id ? id : null;
    }

    public static HashSet<string> OfGraph(JsonObject graph)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var data in (graph["nodes"] as JsonArray ?? []).OfType<JsonObject>().Select(node => node["data"]).OfType<JsonObject>())
        {
            foreach (var provider in Models(data))
            {
                Add(needed, OfModel(provider));
            }

            switch (NodeData.Text(data, "type"))
            {
                case "tool" when NodeData.Text(data, "provider_type") is "builtin" or "plugin":
                    Add(needed, OfTool(NodeData.Text(data, "provider_id")));
                    break;
                case "agent":
                    Add(needed, OfTool(NodeData.Text(data, "agent_strategy_provider_name")));
                    foreach (var tool in AgentTools(data))
                    {
                        Add(needed, OfTool(NodeData.Text(tool, "provider_name")));
                    }

                    break;
                case "trigger-plugin":
                    Add(needed, NodeData.Text(data, "plugin_id"));
                    break;
            }
        }

        return needed;
    }

    public static HashSet<string> OfModelConfig(JsonObject config)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        Add(needed, OfModel(NodeData.Text(NodeData.Object(config, "model") ?? [], "provider")));
        var datasets = NodeData.Object(config, "dataset_configs") ?? [];
        Add(needed, OfModel(NodeData.Text(NodeData.Object(datasets, "reranking_model") ?? [], "reranking_provider_name")));
        foreach (var tool in (NodeData.List(NodeData.Object(config, "agent_mode") ?? [], "tools") ?? []).OfType<JsonObject>())
        {
            Add(needed, NodeData.Text(tool, "provider_type") is "builtin" or "plugin" ? OfTool(NodeData.Text(tool, "provider_id")) : null);
        }

        return needed;
    }

    /// <summary>Tools that an agent node has on its list.</summary>
    public static IEnumerable<JsonObject> AgentTools(JsonObject data)
    {
        var parameters = NodeData.Object(data, "agent_parameters") ?? [];
        return (NodeData.List(NodeData.Object(parameters, "tools") ?? [], "value") ?? []).OfType<JsonObject>();
    }

    private static IEnumerable<string?> Models(JsonObject data)
    {
        yield return NodeData.Text(NodeData.Object(data, "model") ?? [], "provider");
        if (NodeData.Object(data, "multiple_retrieval_config") is { } several)
        {
            yield return NodeData.Text(NodeData.Object(several, "reranking_model") ?? [], "provider");
            var vector = NodeData.Object(NodeData.Object(several, "weights") ?? [], "vector_setting") ?? [];
            yield return NodeData.Text(vector, "embedding_provider_name");
        }

        yield return NodeData.Text(NodeData.Object(NodeData.Object(data, "single_retrieval_config") ?? [], "model") ?? [], "provider");
        var agent = NodeData.Object(data, "agent_parameters") ?? [];
        yield return NodeData.Text(NodeData.Object(NodeData.Object(agent, "model") ?? [], "value") ?? [], "provider");
    }

    private static string[] Split(string? provider) => string.IsNullOrEmpty(provider) ? [] : provider.Split('/');

    private static void Add(HashSet<string> needed, string? plugin)
    {
        if (!string.IsNullOrEmpty(plugin))
        {
            needed.Add(plugin);
        }
    }
}
