using System.Numerics;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary><c>a[1:2]</c> and <c>a[1]</c>.</summary>
internal static class Slicing
{
    public static object? Slice(object? owner, object? start, object? stop, object? step)
    {
        IReadOnlyList<object?>? items = owner switch
        {
            List<object?> list => list,
            PyTuple tuple => tuple.Items,
            PySequence { Name: "range" } range => range.Items,
            string text => PyString.Characters(text),
            Markup text => PyString.Characters(text.Text),
            Undefined missing => throw missing.Error(),
            _ => null,
        };
        if (items is null)
        {
            return Undefined.Attribute(owner, "slice");
        }

        var (from, to, by) = Bounds(items.Count, start, stop, step);
        var chosen = Indices(from, to, by).Select(index => items[index]);
        return owner switch
        {
            string => string.Concat(chosen),
            Markup => new Markup(string.Concat(chosen)),
            PyTuple => new PyTuple([.. chosen]),
            PySequence => RangeOf(items, from, to, by, [.. chosen]),
            _ => chosen.ToList(),
        };
    }

    /// <summary>False when there is no such index.</summary>
    public static bool TryIndex(object? owner, BigInteger index, out object? item)
    {
        IReadOnlyList<object?>? items = owner switch
        {
            List<object?> list => list,
            PyTuple tuple => tuple.Items,
            PySequence { Name: "range" } range => range.Items,
            string text when PyString.HasPairs(text) => PyString.Characters(text),
            _ => null,
        };
        var length = items?.Count ?? PyType.TextOf(owner)?.Length ?? 0;
        index += index.Sign < 0 ? length : 0;
        var isThere = index.Sign >= 0 && index < length;
        item = !isThere ? null : items is not null ? items[(int)index]
            : owner is Markup ? new Markup(PyType.TextOf(owner)![(int)index].ToString()) : PyType.TextOf(owner)![(int)index].ToString();
        return isThere;
    }

    private static PySequence RangeOf(IReadOnlyList<object?> items, long from, long to, long by, IReadOnlyList<object?> chosen)
    {
        var first = items.Count > 0 ? (BigInteger)items[0]! : 0;
        var step = items.Count > 1 ? (BigInteger)items[1]! - first : 1;
        return new PySequence("range", chosen, $"range({first + (from * step)}, {first + (to * step)}{(step * by == 1 ? "" : $", {step * by}")})");
    }

    private static (long From, long To, long By) Bounds(int length, object? start, object? stop, object? step)
    {
        var by = Bound(step) ?? 1;
        if (by == 0)
        {
            throw PyException.ValueError("slice step cannot be zero");
        }

        var (low, high) = by > 0 ? (0, length) : (-1, length - 1);
        long Place(long? bound, long fallback) => bound is not { } value ? fallback : Math.Clamp(value < 0 ? value + length : value, low, high);
        return (Place(Bound(start), by > 0 ? low : high), Place(Bound(stop), by > 0 ? high : low), by);
    }

    private static IEnumerable<int> Indices(long from, long to, long by)
    {
        for (var i = from; by > 0 ? i < to : i > to; i += by)
        {
            yield return (int)i;
        }
    }

    private static long? Bound(object? value) => value is null ? null
        : PyNumber.Plain(value) is BigInteger number ? (long)BigInteger.Clamp(number, int.MinValue, int.MaxValue)
        : throw (value is Undefined missing ? missing.Error() : PyException.TypeError("slice indices must be integers or None or have an __index__ method"));
}
