using System.Globalization;
using System.Numerics;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>Filters that make numbers.</summary>
internal static class NumberFilters
{
    private static readonly string[] DecimalUnits = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] BinaryUnits = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    public static Dictionary<string, Func<Run, Arguments, object?>> All { get; } = new()
    {
        ["abs"] = (_, a) => Abs(a.For("abs", "x")[0]),
        ["int"] = (_, a) => Int(a.For("int", "value", "default=", "base=")),
        ["float"] = (_, a) => Float(a.For("float", "value", "default=")),
        ["round"] = (_, a) => Round(a.For("round", "value", "precision=", "method=")),
        ["sum"] = Sum,
        ["filesizeformat"] = (_, a) => FileSize(a.For("filesizeformat", "value", "binary=")),
    };

    private static object? Abs(object? value) => PyNumber.Plain(value) switch
    {
        BigInteger number => BigInteger.Abs(number),
        double number => Math.Abs(number),
        _ when value is Undefined missing => throw missing.Error(),
        _ => throw PyException.TypeError($"bad operand type for abs(): '{PyType.NameOf(value)}'"),
    };

    private static object? Int(Bound given)
    {
        var value = given[0] is Undefined missing ? throw missing.Error() : given[0];
        var text = PyType.TextOf(value);
        if (text is not null && TryWhole(text, given.Whole(2, 10)) is { } parsed)
        {
            return parsed;
        }

        return (text is not null ? TryReal(text) : PyNumber.Plain(value)) switch
        {
            BigInteger number => number,
            double number when double.IsFinite(number) => new BigInteger(Math.Truncate(number)),
            _ => given.Or(1, BigInteger.Zero),
        };
    }

    private static object? Float(Bound given) => given[0] is Undefined missing ? throw missing.Error()
        : PyType.TextOf(given[0]) is { } text
        ? TryReal(text) ?? given.Or(1, 0.0)
        : PyNumber.Plain(given[0]) is { } number ? PyNumber.ToDouble(number) : given.Or(1, 0.0);

    private static BigInteger? TryWhole(string text, int radix)
    {
        var digits = PyString.Trim(text, null, true, true);
        var isNegative = digits.StartsWith('-');
        digits = digits.Length > 0 && digits[0] is '+' or '-' ? digits[1..] : digits;
        var prefix = digits.Length > 1 && digits[0] == '0' ? char.ToLowerInvariant(digits[1]) : ' ';
        var named = prefix switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };
        if (named > 0 && (radix == named || radix == 0))
        {
            (digits, radix) = (digits[2..].TrimStart('_'), named);
        }

        radix = radix == 0 ? 10 : radix;
        if (digits.Length is 0 or > 4300 || digits[0] == '_' || digits[^1] == '_' || digits.Contains("__", StringComparison.Ordinal))
        {
            return null;
        }

        var number = BigInteger.Zero;
        foreach (var c in digits.Replace("_", "", StringComparison.Ordinal))
        {
            var digit = char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : char.IsDigit(c) ? (int)char.GetNumericValue(c) : int.MaxValue;
            if (digit >= radix)
            {
                return null;
            }

            number = (number * radix) + digit;
        }

        return isNegative ? -number : number;
    }

    private static object? TryReal(string text)
    {
        var digits = PyString.Trim(text, null, true, true);
        if (digits.Length > 0 && char.IsAsciiLetter(digits[^1]))
        {
            return digits.TrimStart('+', '-').ToUpperInvariant() switch
            {
                "NAN" => double.NaN,
                "INF" or "INFINITY" => digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
                _ => null,
            };
        }

        var isPlain = digits.Length > 0 && digits[0] != '_' && digits[^1] != '_' && !digits.Contains("__", StringComparison.Ordinal);
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return isPlain && double.TryParse(digits.Replace("_", "", StringComparison.Ordinal), Style, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static object? Round(Bound given)
    {
        var method = given.Text(2, "common");
        if (method is not ("common" or "ceil" or "floor"))
        {
            throw new PyException("FilterArgumentError", "method must be common, ceil or floor");
        }

        var precision = given.Whole(1, 0);
        var number = PyNumber.Plain(given[0]) ?? throw (given[0] is Undefined missing ? missing.Error()
            : PyException.TypeError($"type {PyType.NameOf(given[0])} doesn't define __round__ method"));
        if (method == "common")
        {
            return number is double real ? NumberText.Round(real, precision) : RoundWhole((BigInteger)number, precision);
        }

        var scale = Math.Pow(10, precision);
        var scaled = PyNumber.ToDouble(number) * scale;
        return (method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled)) / scale;
    }

    private static BigInteger RoundWhole(BigInteger number, int precision)
    {
        if (precision >= 0)
        {
            return number;
        }

        if (precision < -5_000)
        {
            return BigInteger.Zero;
        }

        var unit = BigInteger.Pow(10, -precision);
        var floor = PyNumber.FloorDivide(number, unit);
        var half = ((number - (floor * unit)) * 2).CompareTo(unit);
        return (floor + (half > 0 || (half == 0 && !floor.IsEven) ? 1 : 0)) * unit;
    }

    private static object? Sum(Run run, Arguments arguments)
    {
        var given = arguments.For("sum", "iterable", "attribute=", "start=");
        var getter = Getter.Of(run, given.Or(1, null));
        var sum = given.Or(2, BigInteger.Zero);
        if (sum is string)
        {
            throw PyException.TypeError("sum() can't sum strings [use ''.join(seq) instead]");
        }

        foreach (var item in run.ToList(run.Iterate(given[0])))
        {
            sum = Operators.Binary(run, "+", sum, getter(item));
        }

        return sum;
    }

    private static string FileSize(Bound given)
    {
        var value = PyType.TextOf(given[0]) is { } text ? TryReal(text) : PyNumber.Plain(given[0]);
        var size = value is null ? throw PyException.ValueError($"could not convert string to float: {PyText.Repr(given[0])}") : PyNumber.ToDouble(value);
        var isBinary = given.Flag(1, false);
        var step = isBinary ? 1024.0 : 1000.0;
        if (size == 1)
        {
            return "1 Byte";
        }

        if (size < step)
        {
            return $"{(long)size} Bytes";
        }

        var units = isBinary ? BinaryUnits : DecimalUnits;
        var unit = step;
        for (var i = 0; ; i++)
        {
            unit *= step;
            if (size < unit || i == units.Length - 1)
            {
                return $"{NumberText.Format(step * size / unit, 'f', 1, false)} {units[i]}";
            }
        }
    }
}
