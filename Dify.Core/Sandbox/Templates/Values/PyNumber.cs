using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>Arithmetic of Python.</summary>
internal static class PyNumber
{
    /// <summary>Bits of the largest whole number that is computed.</summary>
    private const long MaxBits = 64 * 1024;

    public static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new PyException("RecursionError", "maximum recursion depth exceeded");
        }
    }

    /// <summary>A boolean as 0 or 1; whole numbers and floats as they are; null for everything else.</summary>
    public static object? Plain(object? value) => value switch
    {
        bool flag => flag ? BigInteger.One : BigInteger.Zero,
        BigInteger or double => value,
        _ => null,
    };

    public static double ToDouble(object? value)
    {
        var real = Nearest(value);
        return double.IsInfinity(real) && value is BigInteger ? throw PyException.Limit("int too large to convert to float") : real;
    }

    /// <summary>The nearest float, the even one of two; infinite when the number is too large.</summary>
    public static double Nearest(object? value) => value switch
    {
        double number => number == 0 ? 0 : number,
        bool flag => flag ? 1 : 0,
        _ => Rounded((BigInteger)value!, 0, isExact: true),
    };

    public static object? Calculate(string sign, object a, object b)
    {
        if (a is BigInteger x && b is BigInteger y)
        {
            return sign switch
            {
                "+" => x + y,
                "-" => x - y,
                "*" => Limited(x.GetBitLength() + y.GetBitLength(), () => x * y),
                "/" => y.IsZero ? throw DivisionByZero("division by zero") : Divide(x, y),
                "//" => y.IsZero ? throw DivisionByZero("integer division or modulo by zero") : FloorDivide(x, y),
                "%" => y.IsZero ? throw DivisionByZero("integer modulo by zero") : x - (FloorDivide(x, y) * y),
                _ => Power(x, y),
            };
        }

        var (r, s) = (ToDouble(a), ToDouble(b));
        return sign switch
        {
            "+" => r + s,
            "-" => r - s,
            "*" => r * s,
            "/" => s == 0 ? throw DivisionByZero("float division by zero") : r / s,
            "//" => s == 0 ? throw DivisionByZero("float floor division by zero") : Math.Floor(r / s),
            "%" => s == 0 ? throw DivisionByZero("float modulo") : Modulo(r, s),
            _ => Power(r, s),
        };
    }

    public static BigInteger FloorDivide(BigInteger x, BigInteger y)
    {
        var quotient = BigInteger.DivRem(x, y, out var rest);
        return !rest.IsZero && (rest.Sign < 0) != (y.Sign < 0) ? quotient - 1 : quotient;
    }

    private static double Divide(BigInteger x, BigInteger y)
    {
        // Exact for what a double can hold; longer numbers lose digits that Python loses too.
        if (x.GetBitLength() <= 53 && y.GetBitLength() <= 53)
        {
            return (double)x / (double)y;
        }

        var shift = (int)Math.Max(0, y.GetBitLength() - x.GetBitLength() + 66);
        var quotient = BigInteger.DivRem(BigInteger.Abs(x) << shift, BigInteger.Abs(y), out var rest);
        var result = Rounded(quotient, -shift, rest.IsZero);
        return double.IsInfinity(result) ? throw PyException.Limit("integer division result too large for a float")
            : x.Sign * y.Sign < 0 ? -result : result;
    }

    // .NET cuts the digits off that a double cannot hold; Python rounds.
    private static double Rounded(BigInteger number, int exponent, bool isExact)
    {
        var size = BigInteger.Abs(number);
        var extra = (int)Math.Max(0, size.GetBitLength() - 64);
        var top = size >> extra;
        if (extra > 0 && (!isExact || (top << extra) != size))
        {
            top |= BigInteger.One;
        }

        if (extra == 0 && !isExact)
        {
            (top, extra) = ((top << 2) | BigInteger.One, -2);
        }

        var real = Math.ScaleB((double)(UInt128)top, extra + exponent);
        return number.Sign < 0 ? -real : real;
    }

    private static double Modulo(double r, double s)
    {
        var rest = r % s;
        return rest != 0 && (rest < 0) != (s < 0) ? rest + s : rest == 0 ? Math.CopySign(0, s) : rest;
    }

    private static object Power(BigInteger x, BigInteger y)
    {
        if (y.Sign < 0)
        {
            return x.IsZero ? throw DivisionByZero("0.0 cannot be raised to a negative power") : Math.Pow((double)x, (double)y);
        }

        if (x.IsOne || x.IsZero || y.IsZero)
        {
            return y.IsZero ? BigInteger.One : x;
        }

        return y > MaxBits ? throw TooLarge() : Limited(x.GetBitLength() * (long)y, () => BigInteger.Pow(x, (int)y));
    }

    private static double Power(double r, double s)
    {
        if (r == 0 && s < 0)
        {
            throw DivisionByZero("0.0 cannot be raised to a negative power");
        }

        var power = Math.Pow(r, s);
        return double.IsInfinity(power) && double.IsFinite(r) && double.IsFinite(s) ? throw new PyException("OverflowError", "(34, 'Numerical result out of range')")
            : double.IsNaN(power) && !double.IsNaN(r) && !double.IsNaN(s) ? throw PyException.Unsupported("A complex number")
            : power;
    }

    private static BigInteger Limited(long bits, Func<BigInteger> calculate) => bits > MaxBits ? throw TooLarge() : calculate();

    private static PyException TooLarge() => PyException.Limit($"A number of the template has more than {MaxBits} bits.");

    private static PyException DivisionByZero(string message) => new("ZeroDivisionError", message);
}
