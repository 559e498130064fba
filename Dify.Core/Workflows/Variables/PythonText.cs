using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Workflows.Variables;

/// <summary>Values in the forms that Python gives them: <c>repr</c>, <c>str</c> and <c>json.dumps</c>.</summary>
internal static class PythonText
{
    public static string Str(JsonNode? value) =>
        value is JsonValue scalar && scalar.GetValueKind() == JsonValueKind.String ? scalar.ToString() : Repr(value);

    public static string Repr(JsonNode? value)
    {
        var text = new StringBuilder();
        AppendRepr(text, value);
        return text.ToString();
    }

    /// <summary><c>json.dumps(value, ensure_ascii=False)</c>, with <c>indent=2</c> when <paramref name="indented"/>.</summary>
    public static string Json(JsonNode? value, bool indented)
    {
        var text = new StringBuilder();
        AppendJson(text, value, indented ? 0 : -1);
        return text.ToString();
    }

    /// <inheritdoc cref="PythonRepr.Float"/>
    public static string Float(double number) => PythonRepr.Float(number);

    /// <summary>A float that is still one after it was stored: written as <c>4.0</c>, where a plain double becomes <c>4</c>.</summary>
    public static JsonValue FloatNode(double number) =>
        double.IsFinite(number) ? (JsonValue)JsonNode.Parse(Float(number))! : JsonValue.Create(number);

    /// <summary>A number as Python prints it: whole numbers of any length, floats by <see cref="Float"/>.</summary>
    public static string Number(JsonValue number)
    {
        ArgumentNullException.ThrowIfNull(number);
        if (VariableTypes.IsInteger(number))
        {
            return number.TryGetValue<JsonElement>(out var element) ? element.GetRawText() : number.ToString();
        }

        return Float(AsDouble(number));
    }

    internal static double AsDouble(JsonValue number)
    {
        if (number.TryGetValue<double>(out var value))
        {
            return value;
        }

        if (number.TryGetValue<float>(out var single))
        {
            return single;
        }

        return number.TryGetValue<decimal>(out var exact)
            ? (double)exact
            : double.Parse(number.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static void AppendRepr(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case null:
                text.Append("None");
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    AppendRepr(text, list[i]);
                }

                text.Append(']');
                break;
            case JsonObject map:
                text.Append('{');
                var first = true;
                foreach (var (key, item) in map)
                {
                    text.Append(first ? "" : ", ");
                    first = false;
                    PythonRepr.AppendQuoted(text, key);
                    text.Append(": ");
                    AppendRepr(text, item);
                }

                text.Append('}');
                break;
            case JsonValue scalar:
                AppendScalar(text, scalar);
                break;
        }
    }

    private static void AppendScalar(StringBuilder text, JsonValue scalar)
    {
        switch (scalar.GetValueKind())
        {
            case JsonValueKind.String:
                PythonRepr.AppendQuoted(text, scalar.ToString());
                break;
            case JsonValueKind.True:
                text.Append("True");
                break;
            case JsonValueKind.False:
                text.Append("False");
                break;
            case JsonValueKind.Number:
                text.Append(Number(scalar));
                break;
            default:
                text.Append("None");
                break;
        }
    }

    private static void AppendJson(StringBuilder text, JsonNode? value, int depth)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonArray list:
                AppendItems(text, '[', ']', list, depth, static (target, item, inner) => AppendJson(target, item, inner));
                break;
            case JsonObject map:
                AppendItems(text, '{', '}', map, depth, static (target, item, inner) =>
                {
                    AppendJsonString(target, item.Key);
                    target.Append(": ");
                    AppendJson(target, item.Value, inner);
                });
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                AppendJsonString(text, scalar.ToString());
                break;
            case JsonValue scalar when scalar.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
                text.Append(scalar.GetValueKind() == JsonValueKind.True ? "true" : "false");
                break;
            case JsonValue scalar:
                text.Append(Number(scalar) switch { "inf" => "Infinity", "-inf" => "-Infinity", "nan" => "NaN", var plain => plain });
                break;
        }
    }

    private static void AppendItems<T>(
        StringBuilder text, char open, char close, ICollection<T> items, int depth, Action<StringBuilder, T, int> append)
    {
        text.Append(open);
        var inner = depth < 0 ? -1 : depth + 1;
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "" : depth < 0 ? ", " : ",");
            first = false;
            NewLine(text, inner);
            append(text, item, inner);
        }

        if (!first)
        {
            NewLine(text, depth);
        }

        text.Append(close);
    }

    private static void NewLine(StringBuilder text, int depth)
    {
        if (depth >= 0)
        {
            text.Append('\n').Append(' ', depth * 2);
        }
    }

    private static void AppendJsonString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                '\b' => text.Append(@"\b"),
                '\f' => text.Append(@"\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
