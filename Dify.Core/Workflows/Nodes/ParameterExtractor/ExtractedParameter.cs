using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.ParameterExtractor;

/// <summary>One value that is wanted.</summary>
/// <param name="Type"><c>string</c>, <c>number</c>, <c>boolean</c>, <c>select</c> or <c>array[…]</c> of the first three or <c>object</c>.</param>
/// <param name="IsRequired">Advice to the model; a missing value only shows in <c>__reason</c>.</param>
internal sealed record ExtractedParameter(string Name, string Type, string Description, bool IsRequired, IReadOnlyList<string> Options)
{
    private bool IsList => ItemType is not null;

    private string? ItemType => Type.StartsWith("array[", StringComparison.Ordinal) && Type.EndsWith(']') ? Type[6..^1] : null;

    public static ExtractedParameter Read(JsonObject data) => new(
        NodeData.Text(data, "name") ?? "",
        (NodeData.Text(data, "type") ?? "string") switch { "bool" => "boolean", var type => type },
        NodeData.Text(data, "description") ?? "",
        NodeData.Flag(data, "required"),
        NodeData.Selector(data, "options"));

    public JsonObject Schema()
    {
        var schema = new JsonObject { ["description"] = Description };
        if (IsList)
        {
            schema["type"] = "array";
            schema["items"] = new JsonObject { ["type"] = ItemType };
        }
        else
        {
            schema["type"] = Type == "select" ? "string" : Type;
        }

        if (Options.Count > 0 && Type is "select" or "string")
        {
            schema["enum"] = new JsonArray([.. Options.Select(option => (JsonNode)option)]);
        }

        return schema;
    }

    /// <summary>What is wrong with a value as the model gave it; null when it fits.</summary>
    public string? Problem(JsonObject values)
    {
        if (!values.TryGetPropertyValue(Name, out var value))
        {
            return IsRequired ? $"Parameter {Name} is required" : Misfit(null);
        }

        return Misfit(value);
    }

    /// <summary>The value in the wanted type; what cannot be brought into it becomes the type's empty value.</summary>
    public JsonNode? Coerce(JsonNode? value)
    {
        if (ItemType is not { } itemType)
        {
            return CoerceOne(Type, value) ?? EmptyValue();
        }

        return value is JsonArray list
            ? new JsonArray([.. list.Select(item => CoerceOne(itemType, item)).OfType<JsonNode>()])
            : EmptyValue();
    }

    public JsonNode EmptyValue() => Type switch
    {
        "number" => 0,
        "boolean" => false,
        "object" => new JsonObject(),
        _ when IsList => new JsonArray(),
        _ => "",
    };

    private string? Misfit(JsonNode? value)
    {
        if (Type == "select" || (Type == "string" && Options.Count > 0))
        {
            return Options.Count > 0 && !(Kind(value) == JsonValueKind.String && Options.Contains(value!.GetValue<string>()))
                ? $"Invalid `select` value for parameter {Name}"
                : null;
        }

        if (ItemType is { } itemType)
        {
            return value is not JsonArray list
                ? $"Invalid `array` value for parameter {Name}"
                : list.All(item => IsOf(itemType, item)) ? null : $"Invalid `{Type}` value for parameter {Name}";
        }

        return IsOf(Type, value) ? null : $"Invalid `{Type}` value for parameter {Name}";
    }

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "number" => Kind(value) == JsonValueKind.Number,
        "boolean" => Kind(value) is JsonValueKind.True or JsonValueKind.False,
        "string" => Kind(value) == JsonValueKind.String,
        "object" => value is JsonObject,
        _ => true,
    };

    private static JsonNode? CoerceOne(string type, JsonNode? value) => (type, Kind(value)) switch
    {
        ("number", JsonValueKind.Number) => value!.DeepClone(),
        ("number", JsonValueKind.String) => Number(value!.GetValue<string>()),
        ("boolean", JsonValueKind.True or JsonValueKind.False) => value!.DeepClone(),
        ("boolean", JsonValueKind.Number) => value!.AsValue().ToString() is not ("0" or "0.0"),
        ("string" or "select", JsonValueKind.String) => value!.DeepClone(),
        ("object", JsonValueKind.Object) => value!.DeepClone(),
        _ => null,
    };

    private static JsonNode? Number(string text)
    {
        text = text.Trim();
        if (text.Contains('.', StringComparison.Ordinal))
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number
                : null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null;
    }

    private static JsonValueKind Kind(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;
}
