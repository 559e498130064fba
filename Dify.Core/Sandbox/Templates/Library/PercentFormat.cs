using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary><c>"%s %05.2f" % (a, b)</c>.</summary>
internal static partial class PercentFormat
{
    public static string Apply(Run run, string format, object? values)
    {
        var items = values is PyTuple tuple ? tuple.Items : [values];
        var used = 0;
        var isMapped = false;
        object? Next() => used < items.Length ? items[used++] : throw PyException.TypeError("not enough arguments for format string");
        var text = new StringBuilder();
        var position = 0;
        for (var at = format.IndexOf('%', StringComparison.Ordinal); at >= 0; at = format.IndexOf('%', position))
        {
            text.Append(format, position, at - position);
            var match = Conversion().Match(format, at);
            if (!match.Success)
            {
                throw PyException.ValueError(at + 1 >= format.Length ? "incomplete format" : $"unsupported format character '{format[at + 1]}' (0x{(int)format[at + 1]:x}) at index {at + 1}");
            }

            position = at + match.Length;
            object? mapped = null;
            if (match.Groups["key"].Success)
            {
                var map = values as PyDict ?? throw PyException.TypeError("format requires a mapping");
                isMapped = true;
                mapped = map.TryGet(match.Groups["key"].Value, out var found) ? found : throw new PyException("KeyError", PyText.Repr(match.Groups["key"].Value));
            }

            text.Append(Convert(run, match, Next, match.Groups["key"].Success, mapped));
            run.CheckLength(text.Length);
        }

        text.Append(format, position, format.Length - position);
        return used < items.Length && !isMapped && values is not (PyDict or List<object?>)
            ? throw PyException.TypeError("not all arguments converted during string formatting")
            : text.ToString();
    }

    /// <summary>Python's <c>ascii</c>: all other characters as escapes.</summary>
    public static string Ascii(string text)
    {
        var ascii = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                < 0x80 => ascii.Append((char)rune.Value),
                <= 0xff => ascii.Append(CultureInfo.InvariantCulture, $@"\x{rune.Value:x2}"),
                <= 0xffff => ascii.Append(CultureInfo.InvariantCulture, $@"\u{rune.Value:x4}"),
                _ => ascii.Append(CultureInfo.InvariantCulture, $@"\U{rune.Value:x8}"),
            };
        }

        return ascii.ToString();
    }

    private static string Convert(Run run, Match match, Func<object?> next, bool isMapped, object? mapped)
    {
        var flags = match.Groups["flags"].Value;
        var width = Size(match.Groups["width"], next, 0);
        if (width < 0)
        {
            (flags, width) = (flags + "-", -width);
        }

        var precision = match.Groups["point"].Success ? Math.Max(0, Size(match.Groups["precision"], next, 0)) : -1;
        var kind = match.Groups["kind"].Value[0];
        run.CheckLength(Math.Max(width, precision));
        if (kind == '%')
        {
            return "%";
        }

        var value = isMapped ? mapped : next();
        var isAlternate = flags.Contains('#', StringComparison.Ordinal);
        var (sign, digits) = kind switch
        {
            's' => ("", Cut(PyText.Str(value), precision)),
            'r' => ("", Cut(PyText.Repr(value), precision)),
            'a' => ("", Cut(Ascii(PyText.Repr(value)), precision)),
            'c' => ("", Character(value)),
            'd' or 'i' or 'u' => Whole(value, kind, precision, isAlternate),
            'x' or 'X' or 'o' => Whole(value, kind, precision, isAlternate),
            _ => Real(value, kind, precision < 0 ? 6 : precision, isAlternate),
        };
        var isNumber = "diuxXoeEfFgG".Contains(kind, StringComparison.Ordinal);
        if (isNumber && !sign.StartsWith('-'))
        {
            sign = (flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : "") + sign;
        }

        var missing = width - PyString.Length(sign) - PyString.Length(digits);
        return missing <= 0 ? sign + digits
            : flags.Contains('-', StringComparison.Ordinal) ? sign + digits + new string(' ', missing)
            : isNumber && flags.Contains('0', StringComparison.Ordinal) ? sign + new string('0', missing) + digits
            : new string(' ', missing) + sign + digits;
    }

    private static int Size(Group group, Func<object?> next, int fallback) => group.Value switch
    {
        "" => fallback,
        "*" => next() is BigInteger number ? (int)BigInteger.Clamp(number, -int.MaxValue, int.MaxValue) : throw PyException.TypeError("* wants int"),
        var digits => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : throw PyException.ValueError("width too big"),
    };

    private static string Cut(string text, int precision) =>
        precision >= 0 && precision < PyString.Length(text) ? string.Concat(PyString.Characters(text).Take(precision)) : text;

    private static string Character(object? value) => value switch
    {
        BigInteger code when code >= 0 && code < 0x110000 && (code < 0xd800 || code > 0xdfff) => char.ConvertFromUtf32((int)code),
        string text when PyString.Length(text) == 1 => text,
        _ => throw PyException.TypeError("%c requires int or char"),
    };

    private static (string Sign, string Digits) Whole(object? value, char kind, int precision, bool isAlternate)
    {
        var number = value switch
        {
            BigInteger or bool => (BigInteger)PyNumber.Plain(value)!,
            double real when kind is 'd' or 'i' or 'u' && double.IsFinite(real) => new BigInteger(Math.Truncate(real)),
            double real when kind is 'd' or 'i' or 'u' => throw (double.IsNaN(real) ? PyException.ValueError("cannot convert float NaN to integer") : PyException.Limit("cannot convert float infinity to integer")),
            Undefined missing => throw missing.Error(),
            _ => throw PyException.TypeError($"%{kind} format: {(kind is 'd' or 'i' or 'u' ? "a real number" : "an integer")} is required, not {PyType.NameOf(value)}"),
        };
        var digits = kind switch
        {
            'x' => FormatSpec.Digits(BigInteger.Abs(number), 16),
            'X' => FormatSpec.Digits(BigInteger.Abs(number), 16).ToUpperInvariant(),
            'o' => FormatSpec.Digits(BigInteger.Abs(number), 8),
            _ => PyText.Whole(BigInteger.Abs(number)),
        };
        var prefix = isAlternate ? kind switch { 'x' => "0x", 'X' => "0X", 'o' => "0o", _ => "" } : "";
        return ((number.Sign < 0 ? "-" : "") + prefix, digits.PadLeft(Math.Max(precision, 0), '0'));
    }

    private static (string Sign, string Digits) Real(object? value, char kind, int precision, bool isAlternate)
    {
        var number = value is double or BigInteger or bool ? PyNumber.ToDouble(value)
            : throw (value is Undefined missing ? missing.Error() : PyException.TypeError($"must be real number, not {PyType.NameOf(value)}"));
        return (double.IsNegative(number) && !double.IsNaN(number) ? "-" : "", NumberText.Format(number, kind, precision, isAlternate));
    }

    [GeneratedRegex(@"\G%(?:\((?<key>[^()]*(?:\([^()]*\)[^()]*)*)\))?(?<flags>[-#0 +]*)(?<width>\*|[0-9]*)(?<point>\.(?<precision>\*|[0-9]*))?[hlL]?(?<kind>[diouxXeEfFgGcrsa%])", RegexOptions.CultureInvariant)]
    private static partial Regex Conversion();
}
