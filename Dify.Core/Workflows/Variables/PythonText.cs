using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

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

    /// <summary>Shortest digits that read back the same; exponent below 1e-4 and from 1e16 on.</summary>
    public static string Float(double number)
    {
        if (double.IsNaN(number))
        {
            return "nan";
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? "inf" : "-inf";
        }

        // The exponent of the shortest digits: with 17 digits 1e-7 would be 9.99…e-8.
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var negative = shortest.StartsWith('-');
        var mantissa = shortest.AsSpan(negative ? 1 : 0);
        var mark = mantissa.IndexOf('E');
        var exponent = mark < 0 ? 0 : int.Parse(mantissa[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        mantissa = mark < 0 ? mantissa : mantissa[..mark];
        var point = mantissa.IndexOf('.') < 0 ? mantissa.Length : mantissa.IndexOf('.');
        var all = new string([.. mantissa.ToString().Where(char.IsAsciiDigit)]);
        var leading = all.Length - all.TrimStart('0').Length;
        var digits = all.Trim('0');
        exponent = digits.Length == 0 ? 0 : exponent + point - 1 - leading;
        digits = digits.Length == 0 ? "0" : digits;
        var sign = negative ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        digits = digits.PadRight(exponent + 1, '0');
        return digits.Length == exponent + 1 ? $"{sign}{digits}.0" : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

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
                    AppendQuoted(text, key);
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
                AppendQuoted(text, scalar.ToString());
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

    private static void AppendQuoted(StringBuilder text, string value)
    {
        var quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                var code when code == quote => text.Append('\\').Append(quote),
                < 0x20 or 0x7f => text.Append(CultureInfo.InvariantCulture, $@"\x{rune.Value:x2}"),
                >= 0x80 when !IsPrintable(rune) => rune.Value switch
                {
                    <= 0xff => text.Append(CultureInfo.InvariantCulture, $@"\x{rune.Value:x2}"),
                    <= 0xffff => text.Append(CultureInfo.InvariantCulture, $@"\u{rune.Value:x4}"),
                    _ => text.Append(CultureInfo.InvariantCulture, $@"\U{rune.Value:x8}"),
                },
                _ => text.Append(rune.ToString()),
            };
        }

        text.Append(quote);
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

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
