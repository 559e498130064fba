using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>The functions that every template knows.</summary>
internal static class Globals
{
    private static readonly FrozenDictionary<string, PyFunction> Functions = new PyFunction[]
    {
        new("range", Range),
        new("dict", Dict),
        new("namespace", MakeNamespace),
        new("cycler", (_, arguments) => new Cycler(arguments.Positional.Count > 0 ? arguments.Positional : throw new PyException("RuntimeError", "at least one item has to be provided"))),
        new("joiner", (_, arguments) => new Joiner(arguments.For("joiner", "sep=").Or(0, ", "))),
        new("lipsum", (_, _) => throw PyException.Unsupported("lipsum()")),
    }.ToFrozenDictionary(function => function.Name);

    public static bool TryFind(string name, out object? value)
    {
        var isKnown = Functions.TryGetValue(name, out var function);
        value = function;
        return isKnown;
    }

    private static PySequence Range(Run run, Arguments arguments)
    {
        var given = arguments.For("range", "start", "stop=", "step=");
        BigInteger At(int index) => PyNumber.Plain(given[index]) is BigInteger number ? number
            : throw (given[index] is Undefined missing ? missing.Error() : PyException.TypeError($"'{PyType.NameOf(given[index])}' object cannot be interpreted as an integer"));
        var (start, stop) = given.Has(1) ? (At(0), At(1)) : (BigInteger.Zero, At(0));
        var step = given.Has(2) ? At(2) : BigInteger.One;
        if (step.IsZero)
        {
            throw PyException.ValueError("range() arg 3 must not be zero");
        }

        var count = BigInteger.Max(0, -PyNumber.FloorDivide(start - stop, step));
        if (count > Run.LongestRange)
        {
            throw PyException.Limit($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({Run.LongestRange}).");
        }

        run.Step((int)count / 16);
        var text = string.Create(CultureInfo.InvariantCulture, $"range({start}, {stop}{(step.IsOne ? "" : $", {step}")})");
        return new PySequence("range", [.. Enumerable.Range(0, (int)count).Select(i => (object?)(start + (i * step)))], text);
    }

    private static PyDict Dict(Run run, Arguments arguments)
    {
        var dict = new PyDict();
        Fill(run, dict, new Arguments(arguments.Positional, arguments.Named), "dict");
        return dict;
    }

    private static Namespace MakeNamespace(Run run, Arguments arguments)
    {
        var space = new Namespace();
        Fill(run, space.Values, arguments, "dict");
        return space;
    }

    /// <summary>As <c>dict(other, name=value)</c> and <c>dict.update</c>.</summary>
    internal static void Fill(Run run, PyDict dict, Arguments arguments, string name)
    {
        if (arguments.Positional.Count > 1)
        {
            throw PyException.TypeError($"{name} expected at most 1 argument, got {arguments.Positional.Count}");
        }

        foreach (var source in arguments.Positional)
        {
            if (source is PyDict other)
            {
                foreach (var (key, value) in other.ToList())
                {
                    dict.Set(key, value);
                }

                continue;
            }

            foreach (var pair in run.ToList(run.Iterate(source)))
            {
                var items = run.Iterate(pair).Take(3).ToList();
                dict.Set(
                    items.Count == 2 ? items[0] : throw PyException.ValueError($"dictionary update sequence element #0 has length {items.Count}; 2 is required"),
                    items[1]);
            }
        }

        foreach (var (key, value) in arguments.Named)
        {
            dict.Set(key, value);
        }
    }
}
