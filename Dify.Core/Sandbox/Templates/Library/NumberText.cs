using System.Globalization;
using System.Numerics;
using System.Text;
using Dify.Core.Common;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>Numbers with a given count of digits, rounded as C does: exactly, and to the even digit where two are as near.</summary>
internal static class NumberText
{
    private const int MostDigits = 1_000;

    /// <summary><c>value * 10^digits</c>, rounded.</summary>
    public static BigInteger Scaled(double value, int digits)
    {
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        var exponent = (int)(bits >> 52) & 0x7ff;
        var mantissa = new BigInteger(bits & 0xfffffffffffff) + (exponent == 0 ? BigInteger.Zero : BigInteger.One << 52);
        var shift = Math.Max(exponent, 1) - 1075;
        var (over, under) = (mantissa, BigInteger.One);
        (over, under) = shift > 0 ? (over << shift, under) : (over, under << -shift);
        (over, under) = digits > 0 ? (over * BigInteger.Pow(10, digits), under) : (over, under * BigInteger.Pow(10, -digits));
        var quotient = BigInteger.DivRem(over, under, out var rest);
        var half = (rest * 2).CompareTo(under);
        quotient += half > 0 || (half == 0 && !quotient.IsEven) ? 1 : 0;
        return value < 0 ? -quotient : quotient;
    }

    /// <summary>Python's <c>round(value, digits)</c>.</summary>
    public static double Round(double value, int digits)
    {
        if (!double.IsFinite(value) || digits > 323)
        {
            return value;
        }

        if (digits < -308)
        {
            return Math.CopySign(0, value);
        }

        var scaled = Scaled(value, digits);
        var text = scaled.IsZero ? "0" : $"{scaled.ToString(CultureInfo.InvariantCulture)}e{(-digits).ToString(CultureInfo.InvariantCulture)}";
        var rounded = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return rounded == 0 ? Math.CopySign(0, value) : rounded;
    }

    /// <summary>The digits of a number without its sign.</summary>
    /// <param name="value">Its sign is not looked at.</param>
    /// <param name="kind">One of <c>f e g</c>, upper case for an upper case exponent.</param>
    /// <param name="precision">Digits after the point, for <c>g</c> digits in all.</param>
    /// <param name="isAlternate">Keeps the point and the zeros at the end.</param>
    public static string Format(double value, char kind, int precision, bool isAlternate)
    {
        if (precision > MostDigits)
        {
            throw PyException.ValueError("precision too big");
        }

        value = Math.Abs(value);
        if (!double.IsFinite(value))
        {
            return char.IsUpper(kind) ? PythonRepr.Float(value).ToUpperInvariant() : PythonRepr.Float(value);
        }

        return char.ToLowerInvariant(kind) switch
        {
            'f' => Fixed(value, precision) + (isAlternate && precision == 0 ? "." : ""),
            'e' => Exponential(value, kind, precision, isAlternate),
            _ => General(value, kind, Math.Max(precision, 1), isAlternate),
        };
    }

    /// <summary>Puts a sign between groups of digits before the point.</summary>
    public static string Group(string digits, char separator, int size = 3)
    {
        var end = digits.AsSpan().IndexOfAny(".e") is var mark && mark >= 0 ? mark : digits.Length;
        var text = new StringBuilder(digits);
        for (var i = end - size; i > 0; i -= size)
        {
            text.Insert(i, separator);
        }

        return text.ToString();
    }

    private static string Fixed(double value, int precision)
    {
        var digits = Scaled(value, precision).ToString(CultureInfo.InvariantCulture).PadLeft(precision + 1, '0');
        return precision == 0 ? digits : $"{digits[..^precision]}.{digits[^precision..]}";
    }

    private static string Exponential(double value, char kind, int precision, bool isAlternate)
    {
        var (digits, exponent) = Digits(value, precision + 1);
        var mantissa = precision > 0 ? $"{digits[0]}.{digits[1..]}" : isAlternate ? $"{digits[0]}." : $"{digits[0]}";
        return WithExponent(mantissa, kind is 'E' or 'G', exponent);
    }

    private static string General(double value, char kind, int precision, bool isAlternate)
    {
        var (digits, exponent) = Digits(value, precision);
        var isExponential = exponent < -4 || exponent >= precision;
        var text = isExponential
            ? $"{digits[0]}.{digits[1..]}"
            : exponent >= 0 ? $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}"
            : $"0.{new string('0', -exponent - 1)}{digits}";
        text = isAlternate ? text : text.TrimEnd('0').TrimEnd('.');
        return isExponential ? WithExponent(text, kind is 'E' or 'G', exponent) : text;
    }

    private static (string Digits, int Exponent) Digits(double value, int count)
    {
        if (value == 0)
        {
            return (new string('0', count), 0);
        }

        var exponent = (int)Math.Floor(Math.Log10(value));
        var limit = BigInteger.Pow(10, count);
        var scaled = Scaled(value, count - 1 - exponent);

        // The logarithm may be one off, and rounding may add a digit.
        while (scaled >= limit)
        {
            scaled = Scaled(value, count - 1 - ++exponent);
        }

        while (scaled * 10 < limit)
        {
            scaled = Scaled(value, count - 1 - --exponent);
        }

        return (scaled.ToString(CultureInfo.InvariantCulture), exponent);
    }

    private static string WithExponent(string mantissa, bool isUpper, int exponent) =>
        string.Create(CultureInfo.InvariantCulture, $"{mantissa}{(isUpper ? 'E' : 'e')}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
}
