using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>The methods of dicts.</summary>
internal static class DictMethods
{
    public static Func<Run, object, Arguments, object?>? Find(string name) => name switch
    {
        "keys" => (_, owner, _) => new PySequence("dict_keys", [.. Dict(owner).Keys]),
        "values" => (_, owner, _) => new PySequence("dict_values", [.. Dict(owner).Values]),
        "items" => (_, owner, _) => new PySequence("dict_items", [.. Dict(owner).Select(pair => (object?)new PyTuple(pair.Key, pair.Value))]),
        "get" => (_, owner, arguments) => arguments.For("get", "key", "default=") is var given && Dict(owner).TryGet(given[0], out var value) ? value : given.Or(1, null),
        "pop" => (_, owner, arguments) => Pop(Dict(owner), arguments.For("pop", "key", "default=")),
        "popitem" => (_, owner, _) => PopItem(Dict(owner)),
        "setdefault" => (_, owner, arguments) => SetDefault(Dict(owner), arguments.For("setdefault", "key", "default=")),
        "update" => (run, owner, arguments) => Update(run, Dict(owner), arguments),
        "copy" => (run, owner, _) => Copy(run, Dict(owner)),
        "clear" => (_, owner, _) => Clear(Dict(owner)),
        _ => null,
    };

    private static PyDict Dict(object owner) => (PyDict)owner;

    private static object? Pop(PyDict dict, Bound given) => dict.Remove(given[0], out var value) ? value
        : given.Has(1) ? given[1]
        : throw new PyException("KeyError", PyText.Repr(given[0]));

    private static PyTuple PopItem(PyDict dict)
    {
        if (dict.Count == 0)
        {
            throw new PyException("KeyError", "'popitem(): dictionary is empty'");
        }

        var (key, value) = dict.RemoveLast();
        return new PyTuple(key, value);
    }

    private static object? SetDefault(PyDict dict, Bound given)
    {
        if (!dict.TryGet(given[0], out var value))
        {
            dict.Set(given[0], value = given.Or(1, null));
        }

        return value;
    }

    private static object? Update(Run run, PyDict dict, Arguments arguments)
    {
        Globals.Fill(run, dict, arguments, "update");
        return null;
    }

    private static PyDict Copy(Run run, PyDict dict)
    {
        var copy = new PyDict();
        Globals.Fill(run, copy, Arguments.Of(dict), "dict");
        return copy;
    }

    private static object? Clear(PyDict dict)
    {
        dict.Clear();
        return null;
    }
}
