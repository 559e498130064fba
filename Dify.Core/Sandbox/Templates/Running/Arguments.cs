using System.Numerics;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Running;

/// <summary>What a call passes.</summary>
internal sealed class Arguments(List<object?> positional, Dictionary<string, object?>? named = null)
{
    private static readonly Dictionary<string, object?> None = [];

    public static Arguments Empty => new([]);

    public List<object?> Positional { get; } = positional;

    public Dictionary<string, object?> Named { get; } = named ?? None;

    public static Arguments Of(params object?[] positional) => new([.. positional]);

    /// <summary>The arguments by the order of the parameters' names; a name that ends with <c>=</c> may be left out.</summary>
    /// <exception cref="PyException">Too many, unknown or missing ones.</exception>
    public Bound For(string function, params ReadOnlySpan<string> parameters)
    {
        var values = new object?[parameters.Length];
        var given = new bool[parameters.Length];
        if (Positional.Count > parameters.Length)
        {
            throw PyException.TypeError($"{function}() takes {parameters.Length} positional argument{(parameters.Length == 1 ? "" : "s")} but {Positional.Count} were given");
        }

        for (var i = 0; i < Positional.Count; i++)
        {
            (values[i], given[i]) = (Positional[i], true);
        }

        foreach (var (name, value) in Named)
        {
            var index = IndexOf(parameters, name);
            if (index < 0)
            {
                throw PyException.TypeError($"{function}() got an unexpected keyword argument '{name}'");
            }

            if (given[index])
            {
                throw PyException.TypeError($"{function}() got multiple values for argument '{name}'");
            }

            (values[index], given[index]) = (value, true);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            if (!given[i] && !parameters[i].EndsWith('='))
            {
                throw PyException.TypeError($"{function}() missing 1 required positional argument: '{parameters[i]}'");
            }
        }

        return new Bound(function, values, given);
    }

    private static int IndexOf(ReadOnlySpan<string> parameters, string name)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].AsSpan().TrimEnd('=').SequenceEqual(name))
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>Arguments in the order of parameters.</summary>
internal readonly record struct Bound(string Function, object?[] Values, bool[] Given)
{
    public object? this[int index] => Values[index];

    public bool Has(int index) => Given[index];

    public object? Or(int index, object? fallback) => Given[index] ? Values[index] : fallback;

    public bool Flag(int index, bool fallback) => Given[index] ? PyType.IsTrue(Values[index]) : fallback;

    public string Text(int index, string fallback) => Given[index] ? Text(index) : fallback;

    public string Text(int index) => PyType.TextOf(Values[index])
        ?? throw (Values[index] is Undefined missing ? missing.Error()
            : PyException.TypeError($"{Function}() argument {index + 1} must be str, not {PyType.NameOf(Values[index])}"));

    public string? TextOrNull(int index) => Given[index] && Values[index] is not null ? Text(index) : null;

    public int Whole(int index, int fallback) => Given[index] ? Whole(index) : fallback;

    public int Whole(int index) => PyNumber.Plain(Values[index]) is BigInteger number
        ? (int)BigInteger.Clamp(number, int.MinValue, int.MaxValue)
        : throw (Values[index] is Undefined missing ? missing.Error()
            : PyException.TypeError($"'{PyType.NameOf(Values[index])}' object cannot be interpreted as an integer"));
}
