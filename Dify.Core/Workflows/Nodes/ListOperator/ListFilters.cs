using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.ListOperator;

/// <summary>The operators of conditions on elements, as Dify has them.</summary>
internal static class ListFilters
{
    public static List<JsonNode?> Apply(List<JsonNode?> items, VariableType type, ListCondition condition, VariablePool variables) => type switch
    {
        VariableType.StringArray => Where(items, OfString(condition.Operator, TextOf(condition, variables)), item => item!.ToString()),
        VariableType.NumberArray => Where(
            items, OfNumber(condition.Operator, PythonNumbers.Float(TextOf(condition, variables))), item => PythonText.AsDouble(item!.AsValue())),
        VariableType.BooleanArray => Where(items, OfBoolean(condition), item => item!.GetValue<bool>()),
        _ => [.. items.Where(item => FileFits((JsonObject)item!, condition, variables))],
    };

    public static string FileText(JsonObject file, string key) => key switch
    {
        "name" => Attribute(file, "filename"),
        "url" => Attribute(file, "remote_url"),
        "type" or "extension" or "mime_type" or "transfer_method" or "related_id" => Attribute(file, key),
        _ => throw Failure($"Invalid key: {key}"),
    };

    public static double FileSize(JsonObject file) => file["size"] is JsonValue size && size.GetValueKind() == JsonValueKind.Number ? PythonText.AsDouble(size) : -1;

    /// <summary>A failure that Dify returns as a result, which names no type.</summary>
    public static NodeFailedException Failure(string message) => new(message, "");

    private static List<JsonNode?> Where<T>(List<JsonNode?> items, Func<T, bool> fits, Func<JsonNode?, T> read) =>
        [.. items.Where(item => fits(read(item)))];

    private static bool FileFits(JsonObject file, ListCondition condition, VariablePool variables)
    {
        switch (condition.Key)
        {
            case "name" or "extension" or "mime_type" or "url" or "related_id" when condition.Text is { } text:
                return OfString(condition.Operator, text.Render(variables))(FileText(file, condition.Key));
            case "type" or "transfer_method":
                var holds = condition.Value is JsonArray list
                    ? list.Any(option => option?.ToString() == FileText(file, condition.Key))
                    : TextOf(condition, variables).Contains(FileText(file, condition.Key), StringComparison.Ordinal);
                return condition.Operator switch
                {
                    "in" => holds,
                    "not in" => !holds,
                    _ => throw Failure($"Invalid condition: {condition.Operator}"),
                };
            case "size" when condition.Text is { } number:
                return OfNumber(condition.Operator, PythonNumbers.Float(number.Render(variables)))(FileSize(file));
            default:
                throw Failure($"Invalid key: {condition.Key}");
        }
    }

    private static string TextOf(ListCondition condition, VariablePool variables) => condition.Text?.Render(variables)
        ?? throw Failure($"Invalid filter value: {PythonText.Str(condition.Value)}");

    private static Func<string, bool> OfString(string condition, string value) => condition switch
    {
        "contains" => text => text.Contains(value, StringComparison.Ordinal),
        "not contains" => text => !text.Contains(value, StringComparison.Ordinal),
        "start with" => text => text.StartsWith(value, StringComparison.Ordinal),
        "end with" => text => text.EndsWith(value, StringComparison.Ordinal),
        "is" => text => text == value,
        "is not" => text => text != value,
        "in" => text => value.Contains(text, StringComparison.Ordinal),
        "not in" => text => !value.Contains(text, StringComparison.Ordinal),
        "empty" => text => text.Length == 0,
        "not empty" => text => text.Length > 0,
        _ => throw Failure($"Invalid condition: {condition}"),
    };

    private static Func<double, bool> OfNumber(string condition, double value) => condition switch
    {
        "=" => number => number == value,
        "≠" => number => number != value,
        "<" => number => number < value,
        ">" => number => number > value,
        "≤" => number => number <= value,
        "≥" => number => number >= value,
        _ => throw Failure($"Invalid condition: {condition}"),
    };

    private static Func<bool, bool> OfBoolean(ListCondition condition)
    {
        if (condition.Value is not JsonValue given || given.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw new NodeFailedException($"Boolean filter expects a boolean value, got {PythonNumbers.ClassOf(condition.Value)}", "ValueError");
        }

        var value = given.GetValue<bool>();
        return condition.Operator switch
        {
            "is" => item => item == value,
            "is not" => item => item != value,
            _ => throw Failure($"Invalid condition: {condition.Operator}"),
        };
    }

    private static string Attribute(JsonObject file, string name) => file[name]?.ToString() ?? "";
}

/// <summary>Numbers in texts, read as Python reads them.</summary>
internal static class PythonNumbers
{
    public static double Float(string text)
    {
        var trimmed = text.Trim();
        return trimmed.TrimStart('+', '-').ToUpperInvariant() is "INF" or "INFINITY"
            ? trimmed[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity
            : trimmed.TrimStart('+', '-').Equals("nan", StringComparison.OrdinalIgnoreCase) ? double.NaN
            : double.TryParse(trimmed, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new NodeFailedException($"could not convert string to float: {PythonText.Repr(text)}", "ValueError");
    }

    public static int Int(string text) =>
        int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new NodeFailedException($"invalid literal for int() with base 10: {PythonText.Repr(text)}", "ValueError");

    public static string ClassOf(JsonNode? value) => VariableTypes.Of(value) switch
    {
        VariableType.None => "<class 'NoneType'>",
        VariableType.String => "<class 'str'>",
        VariableType.Integer => "<class 'int'>",
        VariableType.Float => "<class 'float'>",
        VariableType.Boolean => "<class 'bool'>",
        VariableType.Object or VariableType.File => "<class 'dict'>",
        _ => "<class 'list'>",
    };
}
