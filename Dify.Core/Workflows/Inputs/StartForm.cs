using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Inputs;

/// <summary>Reads the form of a start node.</summary>
public static class StartForm
{
    /// <summary>The fields in order; what has no name is left out, and of two with one name the later counts.</summary>
    public static IReadOnlyList<StartField> Read(NodeDefinition start)
    {
        ArgumentNullException.ThrowIfNull(start);
        return start.Settings(static node => new Fields(ReadAll(node.Data))).Items;
    }

    private static List<StartField> ReadAll(JsonObject data)
    {
        var fields = new List<StartField>();
        foreach (var item in NodeData.List(data, "variables")?.OfType<JsonObject>() ?? [])
        {
            if (NodeData.Text(item, "variable") is { Length: > 0 } variable)
            {
                fields.RemoveAll(field => field.Variable == variable);
                fields.Add(ReadField(item, variable));
            }
        }

        return fields;
    }

    private static StartField ReadField(JsonObject item, string variable)
    {
        var kind = NodeData.Text(item, "type") ?? StartField.TextInput;
        return new StartField
        {
            Variable = variable,
            Label = NodeData.Text(item, "label") ?? variable,
            Kind = kind is "json" ? StartField.Json : kind,
            Required = NodeData.Flag(item, "required"),
            Hidden = NodeData.Flag(item, "hide"),
            Default = item["default"]?.DeepClone(),
            MaxLength = NodeData.Number(item, "max_length") is >= 1 and <= int.MaxValue and var length ? (int)length : null,
            Options = NodeData.Selector(item, "options"),
            Schema = ReadSchema(item["json_schema"]),
            Files = FileRules.OfField(item),
        };
    }

    /// <summary>An object, or the text of one.</summary>
    private static JsonNode? ReadSchema(JsonNode? schema)
    {
        if (schema is not JsonValue || schema.GetValueKind() != JsonValueKind.String)
        {
            return schema is JsonObject { Count: > 0 } ? schema.DeepClone() : null;
        }

        try
        {
            return JsonNode.Parse(schema.GetValue<string>()) is JsonObject { Count: > 0 } parsed ? parsed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Fields(IReadOnlyList<StartField> Items);
}
