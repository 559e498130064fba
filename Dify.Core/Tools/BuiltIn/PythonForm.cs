using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Tools.BuiltIn;

/// <summary>Values as Dify's tools print them, which are written in Python.</summary>
internal static class PythonForm
{
    /// <summary>A float as <c>repr</c> gives it.</summary>
    public static string Float(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }

        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(number) is >= 1e16 or (> 0 and < 1e-4))
        {
            // Here "R" always writes mantissa and exponent, as 1.5E-07.
            var mark = text.IndexOf('E', StringComparison.Ordinal);
            var exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            return $"{text[..mark]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        return text.Contains('E', StringComparison.Ordinal) || !text.Contains('.', StringComparison.Ordinal)
            ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("0.0###############", CultureInfo.InvariantCulture)
            : text;
    }

    /// <summary>A text as <c>repr</c> gives it.</summary>
    public static string Quote(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when c == quote => "\\" + c,
                _ when char.IsControl(c) => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        return quoted.Append(quote).ToString();
    }

    /// <summary><c>json.dumps</c>.</summary>
    public static string Json(JsonNode? value, bool onlyAscii)
    {
        var text = new StringBuilder();
        Append(text, value, onlyAscii);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? value, bool onlyAscii)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject map:
                var separator = "{";
                foreach (var (name, item) in map)
                {
                    text.Append(separator);
                    AppendText(text, name, onlyAscii);
                    text.Append(": ");
                    Append(text, item, onlyAscii);
                    separator = ", ";
                }

                text.Append(map.Count == 0 ? "{}" : "}");
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Append(text, list[i], onlyAscii);
                }

                text.Append(']');
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                AppendText(text, scalar.GetValue<string>(), onlyAscii);
                break;
            default:
                text.Append(value.ToJsonString());
                break;
        }
    }

    private static void AppendText(StringBuilder text, string value, bool onlyAscii)
    {
        text.Append('"');
        foreach (var c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                _ when c < ' ' || (onlyAscii && c > '~') => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        text.Append('"');
    }
}
