using Dify.Core.Sandbox.Templates.Library;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Running;

/// <summary>One rendering: its variables, and how much it has used of what it may.</summary>
internal sealed class Run(PyDict variables, TimeProvider time, TimeSpan limit, CancellationToken cancellationToken)
{
    /// <summary>Characters of the longest text.</summary>
    public const int LongestText = 4_000_000;

    /// <summary>As in Jinja2's own sandbox.</summary>
    public const int LongestRange = 100_000;

    private const int LongestList = 1_000_000;
    private const int MaxSteps = 5_000_000;
    private const int MaxDepth = 200;

    private readonly long _start = time.GetTimestamp();
    private int _steps;
    private int _depth;

    public PyDict Variables { get; } = variables;

    /// <summary>Names that a template has set at its top, which its blocks see.</summary>
    public Frame? Top { get; set; }

    public static PyException TooLong() => PyException.Limit($"A text of the template is longer than {LongestText} characters.");

    /// <summary>Counts one step of work.</summary>
    public void Step(int steps = 1)
    {
        var before = _steps;
        _steps += steps;
        if (_steps > MaxSteps)
        {
            throw PyException.Limit($"The template took more than {MaxSteps} steps and was stopped.");
        }

        if (before >> 10 != _steps >> 10)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(_start) > limit)
            {
                throw PyException.Limit($"The template took longer than {limit.TotalSeconds:0.#} seconds and was stopped.");
            }
        }
    }

    /// <summary>Before a text of this length is made.</summary>
    public void CheckLength(long length)
    {
        if (length > LongestText)
        {
            throw TooLong();
        }

        Step((int)(length >> 8));
    }

    public List<object?> ToList(IEnumerable<object?> items)
    {
        var list = new List<object?>();
        foreach (var item in items)
        {
            Step();
            list.Add(item);
            if (list.Count > LongestList)
            {
                throw PyException.Limit($"A list of the template has more than {LongestList} elements.");
            }
        }

        return list;
    }

    public void Enter()
    {
        PyNumber.EnsureStack();
        if (++_depth > MaxDepth)
        {
            throw new PyException("RecursionError", "maximum recursion depth exceeded");
        }
    }

    public void Leave() => _depth--;

    public object? Find(string name) => Variables.TryGet(name, out var value) ? value
        : Globals.TryFind(name, out value) ? value
        : name == "self" ? throw PyException.Unsupported("'self' (other blocks of the template)")
        : Undefined.Name(name);

    /// <summary>Calls a function, macro or bound method.</summary>
    public object? Call(object? target, Arguments arguments)
    {
        Step();
        switch (target)
        {
            case PyFunction function:
                return function.Call(this, arguments);
            case Macro macro:
                return macro.Call(this, arguments);
            case LoopContext loop:
                return loop.Recurse(this, arguments);
            case Joiner joiner:
                return joiner.Next();
            case Undefined missing:
                throw missing.Error();
            default:
                throw PyException.TypeError($"'{PyType.NameOf(target)}' object is not callable");
        }
    }

    /// <summary>The items of anything that can be iterated.</summary>
    public IEnumerable<object?> Iterate(object? value)
    {
        Step();
        return ItemsOf(value);
    }

    private static IEnumerable<object?> ItemsOf(object? value) => value switch
    {
        List<object?> list => IterateLive(list),
        PyTuple tuple => tuple.Items,
        PyDict dict => dict.Keys,
        string text => PyString.Characters(text),
        Markup text => PyString.Characters(text.Text).Select(c => (object?)new Markup(c)),
        PySequence sequence => sequence.Items,
        PyIterator iterator => iterator.Rest(),
        LoopContext loop => loop.Rest(),
        Undefined => [],
        _ => throw PyException.TypeError($"'{PyType.NameOf(value)}' object is not iterable"),
    };

    // A list may grow while it is gone through, as in Python.
    private static IEnumerable<object?> IterateLive(List<object?> list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            yield return list[i];
        }
    }
}
