using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Tools;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Tool;

/// <summary>The data of a tool node in the form that a run needs.</summary>
internal sealed class ToolSettings
{
    public required ToolReference Reference { get; init; }

    /// <summary>What the flow gives at each call.</summary>
    public IReadOnlyDictionary<string, ToolInput> Parameters { get; private init; } = new Dictionary<string, ToolInput>();

    /// <summary>What the author set.</summary>
    public IReadOnlyDictionary<string, ToolInput> Configurations { get; private init; } = new Dictionary<string, ToolInput>();

    public JsonObject Info { get; private init; } = [];

    public static ToolSettings Read(NodeDefinition node)
    {
        var data = node.Data;
        return new ToolSettings
        {
            Reference = ToolReference.Parse(
                NodeData.Text(data, "provider_type"), NodeData.Text(data, "provider_id") ?? NodeData.Text(data, "provider_name"), NodeData.Text(data, "tool_name")),
            Parameters = ReadAll(NodeData.Object(data, "tool_parameters"), "mixed"),
            Configurations = ReadAll(NodeData.Object(data, "tool_configurations"), "constant"),
            Info = new JsonObject
            {
                ["provider_type"] = NodeData.Text(data, "provider_type"),
                ["provider_id"] = NodeData.Text(data, "provider_id"),
                ["plugin_unique_identifier"] = NodeData.Text(data, "plugin_unique_identifier"),
            },
        };
    }

    /// <summary>Values may be wrapped as <c>{type, value}</c> or stand there as they are; null values are no values.</summary>
    private static Dictionary<string, ToolInput> ReadAll(JsonObject? values, string bareKind)
    {
        var inputs = new Dictionary<string, ToolInput>(StringComparer.Ordinal);
        foreach (var (name, value) in values ?? [])
        {
            var input = value is JsonObject wrapped && wrapped.ContainsKey("value") && NodeData.Text(wrapped, "type") is { } kind
                ? new ToolInput(kind, wrapped["value"])
                : new ToolInput(value?.GetValueKind() == JsonValueKind.String ? bareKind : "constant", value);
            if (input.Value is not null)
            {
                inputs[name] = input;
            }
        }

        return inputs;
    }
}

/// <param name="Kind"><c>variable</c>, <c>mixed</c> or <c>constant</c>.</param>
internal sealed record ToolInput(string Kind, JsonNode? Value);
