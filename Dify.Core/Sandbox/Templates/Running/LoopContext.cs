using System.Numerics;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Running;

/// <summary>The <c>loop</c> of a for block.</summary>
internal sealed class LoopContext(IReadOnlyList<object?> items, Func<Run, object?, int, object?>? recurse, int depth0)
{
    private object? _seen;
    private bool _hasSeen;

    public int Index0 { get; private set; } = -1;

    public int Length => items.Count;

    public bool MoveNext() => ++Index0 < items.Count;

    public object? Current => items[Index0];

    public IEnumerable<object?> Rest()
    {
        while (MoveNext())
        {
            yield return Current;
        }
    }

    public object? Recurse(Run run, Arguments arguments) => recurse is null
        ? throw PyException.TypeError("The loop must have the 'recursive' marker to be called recursively.")
        : recurse(run, arguments.For("loop", "iterable")[0], depth0 + 1);

    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "index" => new BigInteger(Index0 + 1),
            "index0" => new BigInteger(Index0),
            "revindex" => new BigInteger(Length - Index0),
            "revindex0" => new BigInteger(Length - Index0 - 1),
            "first" => Index0 == 0,
            "last" => Index0 == Length - 1,
            "length" => new BigInteger(Length),
            "depth" => new BigInteger(depth0 + 1),
            "depth0" => new BigInteger(depth0),
            "previtem" => Index0 > 0 ? items[Index0 - 1] : new Undefined("there is no previous item"),
            "nextitem" => Index0 + 1 < Length ? items[Index0 + 1] : new Undefined("there is no next item"),
            "cycle" => new PyFunction("cycle", (_, arguments) => Cycle(arguments)),
            "changed" => new PyFunction("changed", (_, arguments) => Changed(arguments)),
            _ => null,
        };
        return value is not null || name is "previtem" or "nextitem";
    }

    private object? Cycle(Arguments arguments) => arguments.Positional.Count == 0
        ? throw PyException.TypeError("no items for cycling given")
        : arguments.Positional[Index0 % arguments.Positional.Count];

    private bool Changed(Arguments arguments)
    {
        var value = new PyTuple([.. arguments.Positional]);
        var isChanged = !_hasSeen || !PyCompare.AreEqual(_seen, value);
        (_seen, _hasSeen) = (value, true);
        return isChanged;
    }
}
