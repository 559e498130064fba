using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Sandbox.Python;

/// <summary>Values as expressions of Python, which its parser reads quicker than <c>json</c> can be imported.</summary>
internal static class PythonLiteral
{
    /// <summary>Python's parser gives up at about a hundred brackets, and is slow on long lists.</summary>
    private const int DeepestNesting = 40;

    private const int LongestLiteral = 100_000;

    public static void Append(StringBuilder text, JsonNode? value)
    {
        var start = text.Length;
        if (TryAppend(text, value, 0, start + LongestLiteral))
        {
            return;
        }

        text.Length = start;
        text.Append("__import__('json').loads(");
        AppendText(text, value!.ToJsonString());
        text.Append(')');
    }

    /// <summary>A string in quotes; half surrogate pairs stay what they are.</summary>
    public static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            switch (c)
            {
                case '\\' or '"':
                    text.Append('\\').Append(c);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case < ' ' or '\x7f':
                    text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
                    break;
                case var _ when char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]):
                    text.Append(c).Append(value[++i]);
                    break;
                case var _ when char.IsSurrogate(c):
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        text.Append('"');
    }

    private static bool TryAppend(StringBuilder text, JsonNode? value, int depth, int end)
    {
        if (depth > DeepestNesting || text.Length > end)
        {
            return false;
        }

        switch (value)
        {
            case JsonArray list:
                text.Append('[');
                foreach (var item in list)
                {
                    if (!TryAppend(text, item, depth + 1, end))
                    {
                        return false;
                    }

                    text.Append(',');
                }

                text.Append(']');
                return true;
            case JsonObject map:
                text.Append('{');
                foreach (var (key, item) in map)
                {
                    AppendText(text, key);
                    text.Append(':');
                    if (!TryAppend(text, item, depth + 1, end))
                    {
                        return false;
                    }

                    text.Append(',');
                }

                text.Append('}');
                return true;
            default:
                AppendScalar(text, value as JsonValue);
                return true;
        }
    }

    private static void AppendScalar(StringBuilder text, JsonValue? value)
    {
        switch (value?.GetValueKind())
        {
            case JsonValueKind.String:
                AppendText(text, value.ToString());
                break;
            case JsonValueKind.True:
                text.Append("True");
                break;
            case JsonValueKind.False:
                text.Append("False");
                break;
            case JsonValueKind.Number:
                text.Append(Number(value));
                break;
            default:
                text.Append("None");
                break;
        }
    }

    // A number that the program made as a double is a float, although JSON writes 2.0 as 2.
    private static string Number(JsonValue value)
    {
        var written = value.ToJsonString();
        return value.TryGetValue<JsonElement>(out _) || !value.TryGetValue<double>(out _) || written.AsSpan().IndexOfAny('.', 'e', 'E') >= 0
            ? written
            : written + ".0";
    }
}
