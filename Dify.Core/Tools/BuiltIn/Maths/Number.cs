using System.Globalization;

namespace Dify.Core.Tools.BuiltIn.Maths;

/// <summary>A whole number, a float or a truth value, with Python's arithmetic.</summary>
internal readonly record struct Number(long Whole, double Real, NumberKind Kind)
{
    private double AsReal => Kind == NumberKind.Real ? Real : Whole;

    private bool IsReal => Kind == NumberKind.Real;

    public static Number Of(long value) => new(value, 0, NumberKind.Whole);

    public static Number Of(double value) => new(0, value, NumberKind.Real);

    public static Number Of(bool value) => new(value ? 1 : 0, 0, NumberKind.Truth);

    public bool IsTrue => IsReal ? Real != 0 : Whole != 0;

    public static Number Apply(string name, Number a, Number b) => name switch
    {
        "+" => a.IsReal || b.IsReal ? Of(a.AsReal + b.AsReal) : Of(checked(a.Whole + b.Whole)),
        "-" => a.IsReal || b.IsReal ? Of(a.AsReal - b.AsReal) : Of(checked(a.Whole - b.Whole)),
        "*" => a.IsReal || b.IsReal ? Of(a.AsReal * b.AsReal) : Of(checked(a.Whole * b.Whole)),
        "/" => Of(a.AsReal / NotZero(b)),
        "//" => a.IsReal || b.IsReal ? Of(Math.Floor(a.AsReal / NotZero(b))) : Of(FloorDivide(a.Whole, b)),
        "%" => a.IsReal || b.IsReal ? Of(a.AsReal - (b.AsReal * Math.Floor(a.AsReal / NotZero(b)))) : Of(checked(a.Whole - (b.Whole * FloorDivide(a.Whole, b)))),
        "**" => Power(a, b),
        "&" => Of(Bits(a) & Bits(b)),
        "|" => Of(Bits(a) | Bits(b)),
        "^" => Of(Bits(a) ^ Bits(b)),
        "<" => Of(a.AsReal < b.AsReal),
        "<=" => Of(a.AsReal <= b.AsReal),
        ">" => Of(a.AsReal > b.AsReal),
        ">=" => Of(a.AsReal >= b.AsReal),
        "==" => Of(a.AsReal == b.AsReal),
        "!=" => Of(a.AsReal != b.AsReal),
        _ => throw new FormatException($"the operator {name} is not known"),
    };

    public static Number Negate(Number a) => a.IsReal ? Of(-a.Real) : Of(checked(-a.Whole));

    public static Number Call(string name, IReadOnlyList<Number> args)
    {
        var a = args.Count > 0 ? args[0].AsReal : throw new FormatException($"{name} needs a value");
        var b = args.Count > 1 ? args[1].AsReal : double.NaN;
        return (name, args.Count) switch
        {
            ("abs", 1) when !args[0].IsReal => Of(Math.Abs(args[0].Whole)),
            ("abs", 1) => Of(Math.Abs(a)),
            ("where", 3) => args[0].IsTrue ? args[1] : args[2],
            ("min", 2) => a <= b ? args[0] : args[1],
            ("max", 2) => a >= b ? args[0] : args[1],
            ("sqrt", 1) => Of(Math.Sqrt(a)),
            ("exp", 1) => Of(Math.Exp(a)),
            ("expm1", 1) => Of(Math.Exp(a) - 1),
            ("log", 1) => Of(Math.Log(a)),
            ("log10", 1) => Of(Math.Log10(a)),
            ("log1p", 1) => Of(Math.Log(1 + a)),
            ("sin", 1) => Of(Math.Sin(a)),
            ("cos", 1) => Of(Math.Cos(a)),
            ("tan", 1) => Of(Math.Tan(a)),
            ("arcsin", 1) => Of(Math.Asin(a)),
            ("arccos", 1) => Of(Math.Acos(a)),
            ("arctan", 1) => Of(Math.Atan(a)),
            ("arctan2", 2) => Of(Math.Atan2(a, b)),
            ("sinh", 1) => Of(Math.Sinh(a)),
            ("cosh", 1) => Of(Math.Cosh(a)),
            ("tanh", 1) => Of(Math.Tanh(a)),
            ("arcsinh", 1) => Of(Math.Asinh(a)),
            ("arccosh", 1) => Of(Math.Acosh(a)),
            ("arctanh", 1) => Of(Math.Atanh(a)),
            ("floor", 1) => Of(Math.Floor(a)),
            ("ceil", 1) => Of(Math.Ceiling(a)),
            ("round", 1) => Of(Math.Round(a, MidpointRounding.ToEven)),
            _ => throw new FormatException($"there is no function {name} with {args.Count} values"),
        };
    }

    public override string ToString() => Kind switch
    {
        NumberKind.Real => PythonForm.Float(Real),
        NumberKind.Truth => Whole != 0 ? "True" : "False",
        _ => Whole.ToString(CultureInfo.InvariantCulture),
    };

    private static double NotZero(Number b) => b.AsReal != 0 ? b.AsReal : throw new DivideByZeroException("division by zero");

    private static long FloorDivide(long a, Number b)
    {
        NotZero(b);
        if (b.Whole == -1)
        {
            return checked(-a);
        }

        var quotient = a / b.Whole;
        return a % b.Whole != 0 && (a < 0) != (b.Whole < 0) ? quotient - 1 : quotient;
    }

    private static Number Power(Number a, Number b)
    {
        if (a.IsReal || b.IsReal || b.Whole < 0)
        {
            return Of(Math.Pow(a.AsReal, b.AsReal));
        }

        long result = 1, factor = a.Whole;
        for (var left = b.Whole; left > 0; left >>= 1)
        {
            result = (left & 1) == 1 ? checked(result * factor) : result;
            factor = left > 1 ? checked(factor * factor) : factor;
        }

        return Of(result);
    }

    private static long Bits(Number value) =>
        value.IsReal ? throw new FormatException("bits are an affair of whole numbers; use ** for powers") : value.Whole;
}

internal enum NumberKind
{
    Whole,
    Real,
    Truth,
}
