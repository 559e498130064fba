using System.Numerics;
using System.Security.Cryptography;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>Filters on lists and dicts.</summary>
internal static class ListFilters
{
    public static Dictionary<string, Func<Run, Arguments, object?>> All { get; } = new()
    {
        ["first"] = (run, a) => run.Iterate(a.For("first", "seq")[0]).Take(1).ToList() is [var item] ? item : new Undefined("No first item, sequence was empty."),
        ["last"] = (run, a) => Reversible(run, a.For("last", "seq")[0]) is { Count: > 0 } items ? items[^1] : new Undefined("No last item, sequence was empty."),
        ["random"] = (run, a) => Reversible(run, a.For("random", "seq")[0]) is { Count: > 0 } items ? items[RandomNumberGenerator.GetInt32(items.Count)] : new Undefined("No random item, sequence was empty."),
        ["length"] = (_, a) => Length(a.For("length", "obj")[0]),
        ["count"] = (_, a) => Length(a.For("count", "obj")[0]),
        ["list"] = (run, a) => run.ToList(run.Iterate(a.For("list", "value")[0])),
        ["reverse"] = Reverse,
        ["sort"] = (run, a) => Sort(run, a.For("sort", "value", "reverse=", "case_sensitive=", "attribute=")),
        ["dictsort"] = (run, a) => SortDict(run, a.For("dictsort", "value", "case_sensitive=", "by=", "reverse=")),
        ["unique"] = (run, a) => new PyIterator("generator", Unique(run, a.For("unique", "value", "case_sensitive=", "attribute="))),
        ["min"] = (run, a) => Extreme(run, a.For("min", "value", "case_sensitive=", "attribute="), -1),
        ["max"] = (run, a) => Extreme(run, a.For("max", "value", "case_sensitive=", "attribute="), 1),
        ["batch"] = (run, a) => new PyIterator("generator", Batch(run, a.For("batch", "value", "linecount", "fill_with="))),
        ["slice"] = (run, a) => new PyIterator("generator", Slice(run, a.For("slice", "value", "slices", "fill_with="))),
        ["groupby"] = (run, a) => GroupBy(run, a.For("groupby", "value", "attribute", "default=", "case_sensitive=")),
        ["items"] = (_, a) => a.For("items", "value")[0] switch
        {
            Undefined => new PyIterator("generator", []),
            PyDict dict => new PyIterator("generator", [.. dict.Select(pair => (object?)new PyTuple(pair.Key, pair.Value))]),
            _ => throw PyException.TypeError("Can only get item pairs from a mapping."),
        },
        ["join"] = (run, a) => Join(run, a.For("join", "value", "d=", "attribute=")),
    };

    public static BigInteger Length(object? value) => value switch
    {
        string or Markup => PyString.Length(PyType.TextOf(value)!),
        List<object?> list => list.Count,
        PyTuple tuple => tuple.Items.Length,
        PyDict dict => dict.Count,
        PySequence sequence => sequence.Items.Count,
        LoopContext loop => loop.Length,
        Undefined => 0,
        _ => throw PyException.TypeError($"object of type '{PyType.NameOf(value)}' has no len()"),
    };

    private static List<object?> Reversible(Run run, object? value) => value is PyIterator
        ? throw PyException.TypeError("'generator' object is not reversible")
        : run.ToList(run.Iterate(value));

    private static object? Reverse(Run run, Arguments arguments)
    {
        switch (arguments.For("reverse", "value")[0])
        {
            case string text:
                return string.Concat(Enumerable.Reverse(PyString.Characters(text)));
            case Markup text:
                return new Markup(string.Concat(Enumerable.Reverse(PyString.Characters(text.Text))));
            case var value:
                var items = run.ToList(run.Iterate(value));
                items.Reverse();
                return value is PyIterator ? items : new PyIterator("list_reverseiterator", items);
        }
    }

    private static List<object?> Sort(Run run, Bound given) => Sorting.Sort(
        run, run.Iterate(given[0]), Getter.OfSeveral(run, given.Or(3, null), !given.Flag(2, false)), given.Flag(1, false), (a, b) => PyCompare.Order(a, b));

    private static List<object?> SortDict(Run run, Bound given)
    {
        var dict = given[0] as PyDict ?? throw PyException.TypeError($"'{PyType.NameOf(given[0])}' object has no attribute 'items'");
        var place = given.Text(2, "key") switch
        {
            "key" => 0,
            "value" => 1,
            _ => throw new PyException("FilterArgumentError", "You can only sort by either \"key\" or \"value\""),
        };
        var ignoreCase = !given.Flag(1, false);
        object? Key(object? pair) => ((PyTuple)pair!).Items[place] is var item && ignoreCase && PyType.TextOf(item) is { } text ? PyString.Lower(text) : item;
        return Sorting.Sort(run, dict.Select(pair => (object?)new PyTuple(pair.Key, pair.Value)), Key, given.Flag(3, false), (a, b) => PyCompare.Order(a, b));
    }

    private static IEnumerable<object?> Unique(Run run, Bound given)
    {
        var getter = Getter.Of(run, given.Or(2, null), !given.Flag(1, false));
        var seen = new PyDict();
        foreach (var item in run.Iterate(given[0]))
        {
            run.Step();
            var key = getter(item);
            if (!seen.Contains(key))
            {
                seen.Set(key, null);
                yield return item;
            }
        }
    }

    private static object? Extreme(Run run, Bound given, int sign)
    {
        var items = run.ToList(run.Iterate(given[0]));
        if (items.Count == 0)
        {
            return new Undefined("No aggregated item, sequence was empty.");
        }

        var getter = Getter.Of(run, given.Or(2, null), !given.Flag(1, false));
        var best = items[0];
        var key = getter(best);
        foreach (var item in items.Skip(1))
        {
            var other = getter(item);
            if (sign * PyCompare.Order(other, key, sign > 0 ? ">" : "<") > 0)
            {
                (best, key) = (item, other);
            }
        }

        return best;
    }

    private static IEnumerable<object?> Batch(Run run, Bound given)
    {
        var size = given.Whole(1);
        var batch = new List<object?>();
        foreach (var item in run.ToList(run.Iterate(given[0])))
        {
            if (batch.Count == size)
            {
                yield return batch;
                batch = [];
            }

            batch.Add(item);
        }

        if (batch.Count > 0)
        {
            if (given.Or(2, null) is { } fill && batch.Count < size)
            {
                run.CheckLength(size);
                batch.AddRange(Enumerable.Repeat<object?>(fill, size - batch.Count));
            }

            yield return batch;
        }
    }

    private static IEnumerable<object?> Slice(Run run, Bound given)
    {
        var items = run.ToList(run.Iterate(given[0]));
        var count = given.Whole(1);
        if (count == 0)
        {
            throw new PyException("ZeroDivisionError", "integer division or modulo by zero");
        }

        run.CheckLength(count);
        var (each, longer) = (items.Count / count, items.Count % count);
        var position = 0;
        for (var i = 0; i < count; i++)
        {
            var part = items.GetRange(position, each + (i < longer ? 1 : 0));
            position += part.Count;
            if (given.Or(2, null) is { } fill && i >= longer)
            {
                part.Add(fill);
            }

            yield return part;
        }
    }

    private static List<object?> GroupBy(Run run, Bound given)
    {
        var ignoreCase = !given.Flag(3, false);
        var key = Getter.Of(run, given[1], ignoreCase, given.Or(2, null));
        var real = Getter.Of(run, given[1], false, given.Or(2, null));
        var groups = new List<object?>();
        List<object?>? group = null;
        object? last = null;
        foreach (var item in Sorting.Sort(run, run.Iterate(given[0]), key, false, (a, b) => PyCompare.Order(a, b)))
        {
            var own = key(item);
            if (group is null || !PyCompare.AreEqual(own, last))
            {
                group = [];
                groups.Add(new PyTuple(real(item), group) { Names = ["grouper", "list"] });
            }

            (last, _) = (own, run);
            group.Add(item);
        }

        return groups;
    }

    private static string Join(Run run, Bound given)
    {
        var getter = Getter.Of(run, given.Or(2, null));
        var separator = PyText.Str(given.Or(1, ""));
        var text = new System.Text.StringBuilder();
        var isFirst = true;
        foreach (var item in run.Iterate(given[0]))
        {
            run.Step();
            text.Append(isFirst ? "" : separator).Append(PyText.Str(getter(item)));
            isFirst = false;
            run.CheckLength(text.Length);
        }

        return text.ToString();
    }
}
