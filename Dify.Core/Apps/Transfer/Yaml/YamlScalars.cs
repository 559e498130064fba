using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Apps.Transfer.Yaml;

/// <summary>What a plain scalar means in YAML 1.1 as PyYAML reads it, and when a text has to be quoted to stay a text.</summary>
internal static partial class YamlScalars
{
    /// <summary>Longer digits are kept as text; nothing in an app file needs them.</summary>
    private const int LongestNumber = 400;

    /// <summary>The value of an unquoted scalar. Timestamps stay text, since JSON has no such thing.</summary>
    public static JsonNode? Resolve(string text)
    {
        if (!MayBeSpecial(text) || text.Length > LongestNumber)
        {
            return JsonValue.Create(text);
        }

        if (IsNull(text))
        {
            return null;
        }

        if (Boolean(text) is { } flag)
        {
            return JsonValue.Create(flag);
        }

        if (IntegerForm().IsMatch(text))
        {
            return Integer(text);
        }

        return FloatForm().IsMatch(text) && Float(text) is { } number ? number : JsonValue.Create(text);
    }

    /// <summary>Whether an unquoted <paramref name="text"/> would be read as something else than this text.</summary>
    public static bool NeedsQuotes(string text) => text.Length == 0
        || (MayBeSpecial(text) && (text is "<<" or "=" || IsNull(text) || Boolean(text) is not null
            || IntegerForm().IsMatch(text) || FloatForm().IsMatch(text) || TimestampForm().IsMatch(text)));

    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    public static bool? Boolean(string text) => text switch
    {
        "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    /// <summary>The whole number of decimal, octal, hexadecimal, binary or sexagesimal digits; null for other text.</summary>
    public static JsonNode? Integer(string text)
    {
        if (text.Length > LongestNumber || !IntegerForm().IsMatch(text))
        {
            return null;
        }

        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var negative = digits[0] == '-';
        digits = digits.TrimStart('+', '-');
        var value = digits switch
        {
            ['0', 'b', .. var bits] => Digits(bits, 2),
            ['0', 'x', .. var hex] => Digits(hex, 16),
            ['0', _, ..] => Digits(digits, 8),
            _ when digits.Contains(':', StringComparison.Ordinal) =>
                digits.Split(':').Aggregate(BigInteger.Zero, (sum, part) => (sum * 60) + Digits(part, 10)),
            _ => Digits(digits, 10),
        };
        return Number((negative ? -value : value).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The number of a YAML 1.1 float; null for other text and for what JSON cannot hold (infinity, no number).</summary>
    public static JsonNode? Float(string text)
    {
        if (text.Length > LongestNumber || !FloatForm().IsMatch(text))
        {
            return null;
        }

        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var negative = digits[0] == '-';
        digits = digits.TrimStart('+', '-');
        if (digits[1..].StartsWith("inf", StringComparison.OrdinalIgnoreCase) || digits[1..].StartsWith("nan", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var value = digits.Split(':').Aggregate(0.0, (sum, part) => (sum * 60) + ParseFloat(part));
        return double.IsFinite(value) ? Number(PythonText.Float(negative ? -value : value)) : null;
    }

    /// <summary>The number of a scalar that is marked as float, whole or not.</summary>
    public static JsonNode? AnyFloat(string text) =>
        Float(text) ?? (Integer(text) is { } whole ? Number(PythonText.Float(ParseFloat(whole.ToJsonString()))) : null);

    /// <summary>A number that keeps its spelling: <c>1.0</c> stays a float in the store and in an export.</summary>
    public static JsonNode Number(string json) => JsonNode.Parse(json)!;

    private static double ParseFloat(string digits) => double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static BigInteger Digits(string digits, int radix)
    {
        if (radix == 10)
        {
            return digits.Length == 0 ? BigInteger.Zero : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            value = (value * radix) + Convert.ToInt32(digit.ToString(), 16);
        }

        return value;
    }

    /// <summary>Most texts are settled by their first character.</summary>
    private static bool MayBeSpecial(string text) =>
        text.Length == 0 || "-+0123456789.yYnNtTfFoO~<=".Contains(text[0], StringComparison.Ordinal);

    [GeneratedRegex("^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\\z", RegexOptions.NonBacktracking)]
    private static partial Regex IntegerForm();

    [GeneratedRegex("^(?:[-+]?(?:[0-9][0-9_]*)\\.[0-9_]*(?:[eE][-+][0-9]+)?|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN))\\z", RegexOptions.NonBacktracking)]
    private static partial Regex FloatForm();

    [GeneratedRegex("^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]*)?(?:[ \\t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)\\z", RegexOptions.NonBacktracking)]
    private static partial Regex TimestampForm();
}
