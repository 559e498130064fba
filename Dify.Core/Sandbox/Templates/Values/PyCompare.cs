using System.Numerics;

namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>Equality, order and hashes of Python.</summary>
internal static class PyCompare
{
    public static bool AreEqual(object? a, object? b)
    {
        if (ReferenceEquals(a, b))
        {
            return a is not double number || !double.IsNaN(number);
        }

        if (IsNumber(a) && IsNumber(b))
        {
            return CompareNumbers(a, b) == 0;
        }

        if (PyType.TextOf(a) is { } text)
        {
            return PyType.TextOf(b) is { } other && text == other;
        }

        return (a, b) switch
        {
            (Undefined, Undefined) => true,
            (List<object?> x, List<object?> y) => AreEqual(x, y),
            (PyTuple x, PyTuple y) => AreEqual(x.Items, y.Items),
            (PyDict x, PyDict y) => AreEqual(x, y),
            (PySequence x, PySequence y) => x.Name == y.Name && AreEqual(x.Items, y.Items),
            _ => false,
        };
    }

    /// <summary>Hashes of what may be a key; a list or dict is refused.</summary>
    public static int HashOf(object? value) => value switch
    {
        null => 0,
        bool or BigInteger or double => PyNumber.Nearest(value).GetHashCode(),
        string text => text.GetHashCode(StringComparison.Ordinal),
        Markup text => text.Text.GetHashCode(StringComparison.Ordinal),
        PyTuple tuple => tuple.Items.Aggregate(17, (hash, item) => unchecked((hash * 31) + HashOf(item))),
        List<object?> or PyDict => throw PyException.TypeError($"unhashable type: '{PyType.NameOf(value)}'"),
        _ => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value),
    };

    /// <summary>Below zero when <paramref name="a"/> comes first.</summary>
    public static int Order(object? a, object? b, string sign = "<")
    {
        if (a is Undefined || b is Undefined)
        {
            throw (a as Undefined ?? (Undefined)b!).Error();
        }

        if (IsNumber(a) && IsNumber(b))
        {
            return CompareNumbers(a, b) ?? throw PyException.ValueError("a value is not a number");
        }

        if (PyType.TextOf(a) is { } text && PyType.TextOf(b) is { } other)
        {
            return PyString.CompareCodePoints(text, other);
        }

        return (a, b) switch
        {
            (List<object?> x, List<object?> y) => Order(x, y, sign),
            (PyTuple x, PyTuple y) => Order(x.Items, y.Items, sign),
            _ => throw PyException.TypeError($"'{sign}' not supported between instances of '{PyType.NameOf(a)}' and '{PyType.NameOf(b)}'"),
        };
    }

    /// <summary>The comparisons of a template; false where one side is not a number.</summary>
    public static bool Holds(object? a, string sign, object? b)
    {
        if (IsNumber(a) && IsNumber(b) && CompareNumbers(a, b) is null)
        {
            return false;
        }

        var order = Order(a, b, sign);
        return sign switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    public static bool IsNumber(object? value) => value is BigInteger or double or bool;

    /// <summary>Null when one is no number (NaN).</summary>
    private static int? CompareNumbers(object? a, object? b)
    {
        var (x, y) = (PyNumber.Plain(a), PyNumber.Plain(b));
        if (x is BigInteger p && y is BigInteger q)
        {
            return p.CompareTo(q);
        }

        var (r, s) = (PyNumber.ToDouble(x), PyNumber.ToDouble(y));
        if (double.IsNaN(r) || double.IsNaN(s))
        {
            return null;
        }

        // Whole numbers are compared exactly: a double can not hold all of them.
        if (x is BigInteger whole && double.IsFinite(s))
        {
            return whole.CompareTo(new BigInteger(Math.Floor(s))) is var order and not 0 ? order : s > Math.Floor(s) ? -1 : 0;
        }

        return y is BigInteger && double.IsFinite(r) ? -CompareNumbers(b, a) : r.CompareTo(s);
    }

    private static bool AreEqual(IReadOnlyList<object?> x, IReadOnlyList<object?> y)
    {
        if (x.Count != y.Count)
        {
            return false;
        }

        PyNumber.EnsureStack();
        for (var i = 0; i < x.Count; i++)
        {
            if (!AreEqual(x[i], y[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreEqual(PyDict x, PyDict y)
    {
        PyNumber.EnsureStack();
        return x.Count == y.Count && x.All(pair => y.TryGet(pair.Key, out var other) && AreEqual(pair.Value, other));
    }

    private static int Order(IReadOnlyList<object?> x, IReadOnlyList<object?> y, string sign)
    {
        PyNumber.EnsureStack();
        for (var i = 0; i < Math.Min(x.Count, y.Count); i++)
        {
            if (!AreEqual(x[i], y[i]))
            {
                return Order(x[i], y[i], sign);
            }
        }

        return x.Count.CompareTo(y.Count);
    }
}
