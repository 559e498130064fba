using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Knowledge.Retrieval;

/// <summary>One condition on a field, with Dify's words for the operators. Upper and lower case differ.</summary>
/// <param name="Operator">
/// <c>contains</c>, <c>not contains</c>, <c>start with</c>, <c>end with</c>, <c>is</c>, <c>is not</c>, <c>in</c>, <c>not in</c>,
/// <c>empty</c>, <c>not empty</c>, <c>=</c>, <c>≠</c>, <c>&gt;</c>, <c>&lt;</c>, <c>≥</c>, <c>≤</c>, <c>before</c>, <c>after</c>.
/// </param>
/// <param name="Value">Text, number or list of them. Times are seconds since 1970, or an ISO date.</param>
public sealed record MetadataCondition(string Name, string Operator, JsonNode? Value)
{
    /// <param name="actual">Text, number, or null for a field without value.</param>
    public bool Matches(object? actual)
    {
        switch (Operator)
        {
            case "empty":
                return actual is null or "";
            case "not empty":
                return actual is not (null or "");
        }

        // As in Dify, a condition that nobody filled in does not count.
        if (Value is null)
        {
            return true;
        }

        if (actual is null)
        {
            return false;
        }

        var text = Text(actual);
        return Operator switch
        {
            "contains" => text.Contains(Text(Value), StringComparison.Ordinal),
            "not contains" => !text.Contains(Text(Value), StringComparison.Ordinal),
            "start with" or "starts with" => text.StartsWith(Text(Value), StringComparison.Ordinal),
            "end with" or "ends with" => text.EndsWith(Text(Value), StringComparison.Ordinal),
            "is" or "=" => IsSame(actual, Value),
            "is not" or "≠" => !IsSame(actual, Value),
            "in" => Items().Any(item => IsSame(actual, item)),
            "not in" => !Items().Any(item => IsSame(actual, item)),
            ">" or "after" => Number(actual) > Number(Value),
            "<" or "before" => Number(actual) < Number(Value),
            "≥" or ">=" => Number(actual) >= Number(Value),
            "≤" or "<=" => Number(actual) <= Number(Value),
            _ => false,
        };
    }

    private IEnumerable<JsonNode> Items() => Value switch
    {
        JsonArray list => list.OfType<JsonNode>(),
        JsonValue value when value.GetValueKind() == JsonValueKind.String =>
            value.GetValue<string>().Split(',', StringSplitOptions.TrimEntries).Select(part => (JsonNode)part),
        _ => [Value!],
    };

    private static bool IsSame(object actual, JsonNode value) => actual is double number
        ? Number(value) is { } wanted && Math.Abs(number - wanted) < 1
            && (number % 1 != 0 || wanted % 1 != 0 || number == wanted)
        : Text(actual) == Text(value);

    private static string Text(object value) => value switch
    {
        string text => text,
        JsonValue json when json.GetValueKind() == JsonValueKind.String => json.GetValue<string>(),
        JsonNode json => json.ToJsonString(),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <summary>Null when it is neither number nor date: then no comparison holds.</summary>
    private static double? Number(object value)
    {
        if (value is double number)
        {
            return number;
        }

        var text = Text(value).Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed))
        {
            return parsed;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date.ToUnixTimeMilliseconds() / 1000.0
            : null;
    }
}
