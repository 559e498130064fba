using System.Numerics;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>The methods of lists, and those that tuples share with them.</summary>
internal static class ListMethods
{
    public static Func<Run, object, Arguments, object?>? Find(string name) => name switch
    {
        "append" => (run, owner, arguments) => Do(() => Insert(run, List(owner), List(owner).Count, arguments.For("append", "object")[0])),
        "extend" => (run, owner, arguments) => Do(() => List(owner).AddRange(run.ToList(run.Iterate(arguments.For("extend", "iterable")[0])))),
        "insert" => (run, owner, arguments) => Do(() => Insert(run, List(owner), Place(List(owner), arguments.For("insert", "index", "object")), arguments.Positional[1])),
        "remove" => (_, owner, arguments) => Do(() => List(owner).RemoveAt(Index(List(owner), arguments.For("remove", "value")[0], "list.remove(x): x not in list"))),
        "pop" => (_, owner, arguments) => Pop(List(owner), arguments.For("pop", "index=").Whole(0, -1)),
        "clear" => (_, owner, _) => Do(List(owner).Clear),
        "copy" => (_, owner, _) => List(owner).ToList(),
        "reverse" => (_, owner, _) => Do(List(owner).Reverse),
        "sort" => (run, owner, arguments) => Do(() => Sort(run, List(owner), arguments.For("sort", "key=", "reverse="))),
        "count" => (_, owner, arguments) => new BigInteger(Items(owner).Count(item => PyCompare.AreEqual(item, arguments.Positional[0]))),
        "index" => (_, owner, arguments) => IndexOf(owner, arguments.For("index", "value", "start=", "stop=")),
        _ => null,
    };

    private static List<object?> List(object owner) => (List<object?>)owner;

    private static IReadOnlyList<object?> Items(object owner) => owner switch
    {
        List<object?> list => list,
        PySequence range => range.Items,
        _ => ((PyTuple)owner).Items,
    };

    private static object? Do(Action change)
    {
        change();
        return null;
    }

    private static void Insert(Run run, List<object?> list, int index, object? item)
    {
        run.Step();
        list.Insert(index, item);
    }

    private static int Place(List<object?> list, Bound given)
    {
        var index = given.Whole(0);
        return Math.Clamp(index < 0 ? index + list.Count : index, 0, list.Count);
    }

    private static object? Pop(List<object?> list, int index)
    {
        index += index < 0 ? list.Count : 0;
        if (list.Count == 0 || index < 0 || index >= list.Count)
        {
            throw new PyException("IndexError", list.Count == 0 ? "pop from empty list" : "pop index out of range");
        }

        var item = list[index];
        list.RemoveAt(index);
        return item;
    }

    private static void Sort(Run run, List<object?> list, Bound given)
    {
        if (given.Or(0, null) is not null)
        {
            throw PyException.Unsupported("list.sort(key=…)");
        }

        var sorted = Sorting.Sort(run, list, item => item, given.Flag(1, false), PyCompareItems);
        list.Clear();
        list.AddRange(sorted);
    }

    private static int PyCompareItems(object? a, object? b) => PyCompare.Order(a, b);

    private static BigInteger IndexOf(object owner, Bound given)
    {
        var items = Items(owner);
        int At(int index, int fallback) => given.Whole(index, fallback) is var place && place < 0 ? Math.Max(0, place + items.Count) : place;
        for (var i = At(1, 0); i < Math.Min(At(2, items.Count), items.Count); i++)
        {
            if (PyCompare.AreEqual(items[i], given[0]))
            {
                return new BigInteger(i);
            }
        }

        throw PyException.ValueError(owner is PyTuple ? "tuple.index(x): x not in tuple" : $"{PyText.Repr(given[0])} is not in list");
    }

    private static int Index(List<object?> list, object? value, string message)
    {
        var index = list.FindIndex(item => PyCompare.AreEqual(item, value));
        return index >= 0 ? index : throw PyException.ValueError(message);
    }
}
