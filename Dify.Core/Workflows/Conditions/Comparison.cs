using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Conditions;

/// <summary>The comparison operators, with Python's ideas of truth, equality and numbers.</summary>
internal static class Comparison
{
    /// <exception cref="NodeFailedException">The operator does not go with the type of a value.</exception>
    public static bool Holds(JsonNode? actual, string comparison, JsonNode? expected) => comparison switch
    {
        "contains" => IsTruthy(actual) && Contains(actual!, expected),
        "not contains" => !IsTruthy(actual) || !Contains(actual!, expected),
        "start with" => IsTruthy(actual) && Text(actual!).StartsWith(PythonText.Str(expected), StringComparison.Ordinal),
        "end with" => IsTruthy(actual) && Text(actual!).EndsWith(PythonText.Str(expected), StringComparison.Ordinal),
        "is" => actual is not null && Is(actual, expected),
        "is not" => actual is not null && !Is(actual, expected),
        "empty" => !IsTruthy(actual),
        "not empty" => IsTruthy(actual),
        "=" => actual is not null && EqualsNumber(actual, expected),
        "≠" => actual is not null && !EqualsNumber(actual, expected),
        ">" => actual is not null && Compare(actual, expected) > 0,
        "<" => actual is not null && Compare(actual, expected) < 0,
        "≥" => actual is not null && Compare(actual, expected) >= 0,
        "≤" => actual is not null && Compare(actual, expected) <= 0,
        "null" => actual is null,
        "not null" => actual is not null,
        "in" => IsTruthy(actual) && List(expected).Any(item => AreEqual(actual, item)),
        "not in" => !IsTruthy(actual) || !List(expected).Any(item => AreEqual(actual, item)),
        "all of" => AllOf(actual, expected),
        "exists" => actual is not null,
        "not exists" => actual is null,
        _ => throw new NodeFailedException($"Unsupported operator: {comparison}", "ValueError"),
    };

    public static bool IsText(JsonNode? value, out string text)
    {
        var isText = value is JsonValue && value.GetValueKind() == JsonValueKind.String;
        text = isText ? value!.ToString() : "";
        return isText;
    }

    private static bool IsTruthy(JsonNode? value) => value switch
    {
        null => false,
        JsonArray list => list.Count > 0,
        JsonObject map => map.Count > 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => value.ToString().Length > 0,
            JsonValueKind.True => true,
            JsonValueKind.Number => PythonText.AsDouble((JsonValue)value) != 0,
            _ => false,
        },
    };

    private static bool Contains(JsonNode actual, JsonNode? expected)
    {
        if (IsText(actual, out var text))
        {
            return text.Contains(PythonText.Str(expected), StringComparison.Ordinal);
        }

        return actual is JsonArray list
            ? list.Any(item => AreEqual(item, expected))
            : throw Wrong("actual", "string or array");
    }

    private static bool AllOf(JsonNode? actual, JsonNode? expected)
    {
        if (expected is JsonArray wanted && wanted.Any(item => !IsText(item, out _)))
        {
            throw Wrong("expected", "array of strings");
        }

        if (!IsTruthy(actual))
        {
            return false;
        }

        if (IsText(actual, out var text))
        {
            return List(expected).All(item => text.Contains(item!.ToString(), StringComparison.Ordinal));
        }

        return actual is JsonArray list && List(expected).All(item => list.Any(own => AreEqual(own, item)));
    }

    private static bool Is(JsonNode actual, JsonNode? expected) =>
        actual.GetValueKind() is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False
            ? AreEqual(actual, expected)
            : throw Wrong("actual", "string or boolean");

    private static bool EqualsNumber(JsonNode actual, JsonNode? expected)
    {
        switch (actual.GetValueKind())
        {
            case JsonValueKind.True or JsonValueKind.False:
                return (actual.GetValueKind() == JsonValueKind.True) == IsTruthy(expected);
            case JsonValueKind.Number when VariableTypes.IsInteger((JsonValue)actual):
                return ToInteger(actual) == ToInteger(expected);
            case JsonValueKind.Number:
                return PythonText.AsDouble((JsonValue)actual) == ToFloat(expected, Unreadable);
            default:
                throw Wrong("actual", "number or boolean");
        }

        static string Unreadable(string text) => $"could not convert string to float: {PythonText.Repr(text)}";
    }

    private static int Compare(JsonNode actual, JsonNode? expected)
    {
        if (Number(actual) is not { } left)
        {
            throw Wrong("actual", "number");
        }

        var right = ToFloat(expected, static text => $"Cannot convert {PythonText.Repr(text)} to number");

        // Whole numbers are compared as such, since a double has no room for long ids.
        return IsWhole(actual) && double.IsInteger(right) && !IsText(expected, out _) && IsWhole(expected)
            ? ToInteger(actual).CompareTo(ToInteger(expected))
            : left.CompareTo(right);
    }

    private static bool IsWhole(JsonNode? value) =>
        value is JsonValue number && (value.GetValueKind() != JsonValueKind.Number || VariableTypes.IsInteger(number));

    private static double? Number(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number => PythonText.AsDouble((JsonValue)value),
        _ => null,
    };

    private static double ToFloat(JsonNode? value, Func<string, string> message)
    {
        if (Number(value) is { } number)
        {
            return number;
        }

        var text = PythonText.Str(value);
        return double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : throw new NodeFailedException(message(text), "ValueError");
    }

    private static BigInteger ToInteger(JsonNode? value)
    {
        switch (value?.GetValueKind())
        {
            case JsonValueKind.True:
                return 1;
            case JsonValueKind.False:
                return 0;
            case JsonValueKind.Number when !VariableTypes.IsInteger((JsonValue)value):
                return new BigInteger(PythonText.AsDouble((JsonValue)value));
        }

        var text = PythonText.Str(value);
        return BigInteger.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : throw new NodeFailedException($"invalid literal for int() with base 10: {PythonText.Repr(text)}", "ValueError");
    }

    /// <summary>Equal as in Python: numbers and booleans by value, the rest by kind and content.</summary>
    private static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        if (Number(left) is { } number)
        {
            return Number(right) is { } other && number == other;
        }

        return IsText(left, out var text) ? IsText(right, out var otherText) && text == otherText : JsonNode.DeepEquals(left, right);
    }

    private static string Text(JsonNode actual) => IsText(actual, out var text) ? text : throw Wrong("actual", "string");

    private static JsonArray List(JsonNode? expected) => expected as JsonArray ?? throw Wrong("expected", "array");

    private static NodeFailedException Wrong(string which, string wanted) =>
        new($"Invalid {which} value type: {wanted}", "ValueError");
}
