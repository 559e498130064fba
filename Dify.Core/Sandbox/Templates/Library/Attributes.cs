using System.Numerics;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>What is behind a point or in brackets. Only the methods listed here exist; everything with underscores does not.</summary>
internal static class Attributes
{
    /// <summary><c>a.b</c>.</summary>
    public static object? Get(Run run, object? owner, string name)
    {
        if (owner is Undefined missing)
        {
            throw missing.Error();
        }

        return TryAttribute(run, owner, name, out var value) || TryItem(owner, name, out value) ? value
            : IsUnsafe(name) ? new Undefined($"access to attribute '{name}' of '{PyType.NameOf(owner)}' object is unsafe.", "SecurityError")
            : Undefined.Attribute(owner, name);
    }

    /// <summary><c>a[b]</c>.</summary>
    public static object? GetItem(Run run, object? owner, object? key)
    {
        if (owner is Undefined missing)
        {
            throw missing.Error();
        }

        if (TryItem(owner, key, out var value))
        {
            return value;
        }

        if (PyType.TextOf(key) is { } name)
        {
            return TryAttribute(run, owner, name, out value) ? value
                : IsUnsafe(name) ? new Undefined($"access to attribute '{name}' of '{PyType.NameOf(owner)}' object is unsafe.", "SecurityError")
                : Undefined.Attribute(owner, name);
        }

        return Undefined.Attribute(owner, key);
    }

    public static bool TryItem(object? owner, object? key, out object? value)
    {
        value = null;
        return owner switch
        {
            PyDict dict => key is not (List<object?> or PyDict) && dict.TryGet(key, out value),
            List<object?> or PyTuple or string or Markup or PySequence => PyNumber.Plain(key) is BigInteger index && Slicing.TryIndex(owner, index, out value),
            _ => false,
        };
    }

    private static bool IsUnsafe(string name) => name.StartsWith("__", StringComparison.Ordinal) || name.EndsWith("__", StringComparison.Ordinal) || name is "mro" or "func_globals";

    private static bool TryAttribute(Run run, object? owner, string name, out object? value)
    {
        value = null;
        switch (owner)
        {
            case string or Markup:
                return Method(StringMethods.Find(name), owner, name, out value);
            case List<object?>:
                return Method(ListMethods.Find(name), owner, name, out value);
            case PyTuple tuple when Array.IndexOf(tuple.Names, name) is var place and >= 0:
                value = tuple.Items[place];
                return true;
            case PyTuple or PySequence { Name: "range" }:
                return Method(name is "count" or "index" ? ListMethods.Find(name) : null, owner, name, out value);
            case PyDict:
                return Method(DictMethods.Find(name), owner, name, out value);
            case Namespace space:
                return space.Values.TryGet(name, out value);
            case LoopContext loop:
                return loop.TryGet(name, out value);
            case Macro macro:
                return macro.TryGet(name, out value);
            case Cycler cycler:
                return cycler.TryGet(name, out value);
            case bool or BigInteger or double:
                return Number(owner, name, out value);
            default:
                return false;
        }
    }

    private static bool Method(Func<Run, object, Arguments, object?>? method, object owner, string name, out object? value)
    {
        value = method is null ? null : new PyFunction(name, (run, arguments) => method(run, owner, arguments));
        return method is not null;
    }

    private static bool Number(object owner, string name, out object? value)
    {
        value = (PyNumber.Plain(owner), name) switch
        {
            (double number, "real") => number,
            (double, "imag") => 0.0,
            (double number, "is_integer") => new PyFunction(name, (_, _) => Math.Floor(number) == number),
            (BigInteger number, "real" or "numerator") => number,
            (BigInteger, "imag") => BigInteger.Zero,
            (BigInteger, "denominator") => BigInteger.One,
            (BigInteger number, "bit_length") => new PyFunction(name, (_, _) => new BigInteger(BigInteger.Abs(number).GetBitLength())),
            (var number, "conjugate") => new PyFunction(name, (_, _) => number),
            _ => null,
        };
        return value is not null;
    }
}
