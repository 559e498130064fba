using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Dify.Core.Common;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>What stands behind the colon in <c>"{:>10.2f}".format(x)</c>.</summary>
internal sealed partial record FormatSpec(string Fill, char Align, char Sign, bool IsAlternate, int Width, char Grouping, int Precision, char Kind)
{
    public static string Apply(Run run, object? value, string spec)
    {
        if (spec.Length == 0)
        {
            return PyText.Str(value);
        }

        if (value is not (string or Markup or BigInteger or double or bool))
        {
            throw PyException.TypeError($"unsupported format string passed to {PyType.NameOf(value)}.__format__");
        }

        var match = Pattern().Match(spec);
        if (!match.Success)
        {
            throw PyException.ValueError($"Invalid format specifier '{spec}' for object of type '{PyType.NameOf(value)}'");
        }

        var isZero = match.Groups["zero"].Success;
        var parsed = new FormatSpec(
            match.Groups["fill"].Success ? match.Groups["fill"].Value : isZero && !match.Groups["align"].Success ? "0" : " ",
            match.Groups["align"].Success ? match.Groups["align"].Value[0] : isZero && value is not (string or Markup) ? '=' : ' ',
            match.Groups["sign"].Success ? match.Groups["sign"].Value[0] : '-',
            match.Groups["alternate"].Success,
            Number(match.Groups["width"]),
            match.Groups["grouping"].Success ? match.Groups["grouping"].Value[0] : ' ',
            match.Groups["precision"].Success ? Number(match.Groups["precision"]) : -1,
            match.Groups["kind"].Success ? match.Groups["kind"].Value[0] : ' ');
        run.CheckLength(Math.Max(parsed.Width, parsed.Precision));
        return parsed.Render(value);
    }

    private string Render(object? value) => value switch
    {
        string or Markup => Text(PyType.TextOf(value)!),
        bool flag when Kind == ' ' => Text(flag ? "True" : "False"),
        double number => Float(number),
        _ when "eEfFgG%".Contains(Kind, StringComparison.Ordinal) => Float(PyNumber.ToDouble(value)),
        _ => Whole((BigInteger)PyNumber.Plain(value)!),
    };

    private string Text(string text)
    {
        if (Kind is not (' ' or 's'))
        {
            throw PyException.ValueError($"Unknown format code '{Kind}' for object of type 'str'");
        }

        if (Align == '=')
        {
            throw PyException.ValueError("'=' alignment not allowed in string format specifier");
        }

        var cut = Precision >= 0 && Precision < PyString.Length(text) ? string.Concat(PyString.Characters(text).Take(Precision)) : text;
        return Pad("", cut, '<');
    }

    private string Whole(BigInteger number)
    {
        if (Precision >= 0)
        {
            throw PyException.ValueError("Precision not allowed in integer format specifier");
        }

        var size = BigInteger.Abs(number);
        var (digits, prefix) = Kind switch
        {
            ' ' or 'd' or 'n' => (PyText.Whole(size), ""),
            'x' => (Digits(size, 16), "0x"),
            'X' => (Digits(size, 16).ToUpperInvariant(), "0X"),
            'o' => (Digits(size, 8), "0o"),
            'b' => (Digits(size, 2), "0b"),
            'c' => (char.ConvertFromUtf32((int)size), ""),
            _ => throw PyException.ValueError($"Unknown format code '{Kind}' for object of type 'int'"),
        };
        return Number(number.Sign < 0, IsAlternate ? prefix : "", digits, "xXob".Contains(Kind, StringComparison.Ordinal) ? 4 : 3);
    }

    private string Float(double number)
    {
        var value = Kind == '%' ? number * 100 : number;
        var digits = Kind switch
        {
            ' ' when Precision < 0 => PythonRepr.Float(Math.Abs(value)),
            ' ' => General(Math.Abs(value)),
            'e' or 'E' or 'f' or 'F' or 'g' or 'G' => NumberText.Format(value, Kind, Precision < 0 ? 6 : Precision, IsAlternate),
            'n' => NumberText.Format(value, 'g', Precision < 0 ? 6 : Precision, IsAlternate),
            '%' => NumberText.Format(value, 'f', Precision < 0 ? 6 : Precision, IsAlternate) + "%",
            _ => throw PyException.ValueError($"Unknown format code '{Kind}' for object of type 'float'"),
        };
        return Number(double.IsNegative(value) && !double.IsNaN(value), "", digits, 3);
    }

    // Without a letter at least one digit stays behind the point, and the exponent starts one digit earlier.
    private string General(double value)
    {
        if (!double.IsFinite(value))
        {
            return PythonRepr.Float(value);
        }

        var precision = Math.Max(Precision, 1);
        var text = NumberText.Format(value, 'g', precision, IsAlternate);
        var exponent = value == 0 ? 0 : int.Parse(NumberText.Format(value, 'e', precision - 1, false).Split('e')[1], CultureInfo.InvariantCulture);
        return exponent >= -4 && exponent < precision - 1 ? (text.Contains('.', StringComparison.Ordinal) ? text : text + ".0")
            : exponent == precision - 1 && exponent >= -4 ? TrimmedExponential(value, precision - 1)
            : text;
    }

    private static string TrimmedExponential(double value, int precision)
    {
        var parts = NumberText.Format(value, 'e', precision, false).Split('e');
        var mantissa = parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].TrimEnd('0').TrimEnd('.') : parts[0];
        return $"{mantissa}e{parts[1]}";
    }

    private string Number(bool isNegative, string prefix, string digits, int groupSize)
    {
        var sign = isNegative ? "-" : Sign is '+' or ' ' ? Sign.ToString() : "";
        if (Grouping == ' ')
        {
            return Pad(sign + prefix, digits, '>');
        }

        if (Align == '=' && Fill == "0")
        {
            var end = digits.AsSpan().IndexOfAny(".e%") is var mark && mark >= 0 ? mark : digits.Length;
            while (sign.Length + prefix.Length + NumberText.Group(digits, Grouping, groupSize).Length < Width)
            {
                var longer = "0" + digits;
                if (sign.Length + prefix.Length + NumberText.Group(longer, Grouping, groupSize).Length > Width)
                {
                    digits = longer;
                    break;
                }

                (digits, end) = (longer, end + 1);
            }
        }

        return Pad(sign + prefix, NumberText.Group(digits, Grouping, groupSize), '>');
    }

    private string Pad(string sign, string text, char usual)
    {
        var missing = Width - PyString.Length(sign) - PyString.Length(text);
        if (missing <= 0)
        {
            return sign + text;
        }

        string Of(int count) => string.Concat(Enumerable.Repeat(Fill, count));
        return (Align == ' ' ? usual : Align) switch
        {
            '<' => sign + text + Of(missing),
            '^' => Of(missing / 2) + sign + text + Of(missing - (missing / 2)),
            '=' => sign + Of(missing) + text,
            _ => Of(missing) + sign + text,
        };
    }

    internal static string Digits(BigInteger number, int radix)
    {
        if (number.IsZero)
        {
            return "0";
        }

        var digits = new List<char>();
        for (; !number.IsZero; number /= radix)
        {
            digits.Add("0123456789abcdef"[(int)(number % radix)]);
        }

        digits.Reverse();
        return new string([.. digits]);
    }

    private static int Number(Group group) => group is { Success: true, Length: < 10 } ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
        : group.Success ? int.MaxValue : 0;

    [GeneratedRegex(@"\A(?:(?<fill>[\uD800-\uDBFF][\uDC00-\uDFFF]|.)?(?<align>[<>=^]))?(?<sign>[-+ ])?z?(?<alternate>\#)?(?<zero>0)?(?<width>[0-9]+)?(?<grouping>[_,])?(?:\.(?<precision>[0-9]+))?(?<kind>.)?\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
