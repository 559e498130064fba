using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary><c>cycler()</c>: gives its items in turn.</summary>
internal sealed class Cycler(IReadOnlyList<object?> items)
{
    private int _position;

    public object? Current => items[_position];

    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "current" => Current,
            "next" => new PyFunction("next", (_, _) => Next()),
            "reset" => new PyFunction("reset", (_, _) => Reset()),
            "items" => new PyTuple([.. items]),
            "pos" => new System.Numerics.BigInteger(_position),
            _ => null,
        };
        return value is not null || name == "current";
    }

    private object? Next()
    {
        var item = Current;
        _position = (_position + 1) % items.Count;
        return item;
    }

    private object? Reset()
    {
        _position = 0;
        return null;
    }
}
