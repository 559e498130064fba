using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Catalog;

/// <summary>Settings that several node types have in the same shape.</summary>
internal static class CommonFacts
{
    /// <summary><c>model: {provider, name}</c>; without the key the workspace's default is asked.</summary>
    public static void Model(this NodeFacts facts, JsonObject data)
    {
        if (NodeData.Object(data, "model") is { } model)
        {
            facts.Require("model", NodeData.Text(model, "provider") is { Length: > 0 } && NodeData.Text(model, "name") is { Length: > 0 });
        }
    }

    /// <summary><c>memory: {query_prompt_template}</c> and <c>vision: {enabled, configs: {variable_selector}}</c>.</summary>
    public static void MemoryAndVision(this NodeFacts facts, JsonObject data)
    {
        if (NodeData.Object(data, "memory") is { } memory)
        {
            facts.Text("memory", NodeData.Text(memory, "query_prompt_template"));
        }

        if (NodeData.Object(data, "vision") is { } vision && NodeData.Flag(vision, "enabled")
            && NodeData.Object(vision, "configs") is { } configs)
        {
            facts.Select("vision", configs["variable_selector"]);
        }
    }

    /// <summary><c>variables: [{variable, value_selector}]</c>.</summary>
    public static void Variables(this NodeFacts facts, JsonObject data, string field)
    {
        foreach (var (item, place) in Objects(data, field))
        {
            facts.Select(place, item["value_selector"]);
        }
    }

    /// <summary>The conditions of if-else cases and loops.</summary>
    public static void Conditions(this NodeFacts facts, JsonObject owner, string field, bool isInner = false)
    {
        foreach (var (condition, place) in Objects(owner, field))
        {
            if (isInner)
            {
                facts.SelectInner(place, condition["variable_selector"]);
            }
            else
            {
                facts.Need(place, condition["variable_selector"]);
                facts.Text(place, NodeData.Text(condition, "value"));
            }

            facts.Require($"{place}.comparison_operator", NodeData.Text(condition, "comparison_operator") is { Length: > 0 });
        }
    }

    /// <summary>The objects of a list with the place that messages name.</summary>
    public static IEnumerable<(JsonObject Item, string Place)> Objects(JsonObject data, string field) =>
        (NodeData.List(data, field) ?? []).Select((item, place) => (Item: item as JsonObject, Place: $"{field}[{place}]"))
            .Where(entry => entry.Item is not null)
            .Select(entry => (entry.Item!, entry.Place));

    public static bool HasText(JsonObject data, string field) => NodeData.Text(data, field) is { Length: > 0 };

    /// <summary>The DSL's word for a JSON schema's type.</summary>
    public static string TypeOfSchema(JsonNode? schema) => schema is not JsonObject described ? "any" : NodeData.Text(described, "type") switch
    {
        "string" => "string",
        "number" or "integer" => "number",
        "boolean" => "boolean",
        "object" => "object",
        "array" when described["items"] is JsonObject items && TypeOfSchema(items) is var item and not "any" => $"array[{item}]",
        _ => "any",
    };

    /// <summary>Literal settings, written as JSON where that reads best.</summary>
    public static JsonObject Parse([System.Diagnostics.CodeAnalysis.StringSyntax(System.Diagnostics.CodeAnalysis.StringSyntaxAttribute.Json)] string json) =>
        (JsonObject)JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 64 })!;
}
