using System.Collections.Frozen;
using System.Numerics;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>The tests of Jinja2 by name: what may stand behind <c>is</c>.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Func<Run, Arguments, bool>> Known = new Dictionary<string, Func<Run, Arguments, bool>>
    {
        ["defined"] = (_, a) => One(a) is not Undefined,
        ["undefined"] = (_, a) => One(a) is Undefined,
        ["none"] = (_, a) => One(a) is null,
        ["boolean"] = (_, a) => One(a) is bool,
        ["true"] = (_, a) => One(a) is true,
        ["false"] = (_, a) => One(a) is false,
        ["integer"] = (_, a) => One(a) is BigInteger,
        ["float"] = (_, a) => One(a) is double,
        ["number"] = (_, a) => PyCompare.IsNumber(One(a)),
        ["string"] = (_, a) => One(a) is string or Markup,
        ["mapping"] = (_, a) => One(a) is PyDict,
        ["sequence"] = (_, a) => One(a) is string or Markup or List<object?> or PyTuple or PyDict or Undefined or PySequence { Name: "range" },
        ["iterable"] = (_, a) => One(a) is string or Markup or List<object?> or PyTuple or PyDict or Undefined or PySequence or PyIterator or LoopContext,
        ["callable"] = (_, a) => PyType.IsCallable(One(a)) || One(a) is Undefined,
        ["escaped"] = (_, a) => One(a) is Markup,
        ["lower"] = (_, a) => PyText.Str(One(a)) is var text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        ["upper"] = (_, a) => PyText.Str(One(a)) is var text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        ["odd"] = (run, a) => Remainder(run, One(a), new BigInteger(2), BigInteger.One),
        ["even"] = (run, a) => Remainder(run, One(a), new BigInteger(2), BigInteger.Zero),
        ["divisibleby"] = (run, a) => Two(a, "divisibleby") is var (value, by) && Remainder(run, value, by, BigInteger.Zero),
        ["sameas"] = (_, a) => Two(a, "sameas") is var (value, other) && PyType.NameOf(value) == PyType.NameOf(other)
            && (value is List<object?> or PyDict or PyTuple ? ReferenceEquals(value, other) : PyCompare.AreEqual(value, other)),
        ["in"] = (run, a) => Two(a, "in") is var (value, owner) && Operators.Contains(run, owner, value),
        ["eq"] = Comparison("=="),
        ["equalto"] = Comparison("=="),
        ["=="] = Comparison("=="),
        ["ne"] = Comparison("!="),
        ["!="] = Comparison("!="),
        ["lt"] = Comparison("<"),
        ["lessthan"] = Comparison("<"),
        ["<"] = Comparison("<"),
        ["le"] = Comparison("<="),
        ["<="] = Comparison("<="),
        ["gt"] = Comparison(">"),
        ["greaterthan"] = Comparison(">"),
        [">"] = Comparison(">"),
        ["ge"] = Comparison(">="),
        [">="] = Comparison(">="),
        ["filter"] = (_, a) => Filters.Exists(PyText.Str(One(a))),
        ["test"] = (_, a) => Exists(PyText.Str(One(a))),
    }.ToFrozenDictionary();

    /// <summary>An unknown one fails when it is used.</summary>
    public static Func<Run, Arguments, bool> Find(string name) => Known.TryGetValue(name, out var test)
        ? test
        : (_, _) => throw new PyException("TemplateRuntimeError", $"No test named '{name}'.");

    private static bool Exists(string name) => Known.ContainsKey(name);

    private static object? One(Arguments arguments) => arguments.For("test", "value")[0];

    private static (object? Value, object? Other) Two(Arguments arguments, string name) =>
        arguments.For(name, "value", "other") is var given ? (given[0], given[1]) : default;

    private static Func<Run, Arguments, bool> Comparison(string sign) =>
        (run, arguments) => Two(arguments, sign) is var (left, right) && Operators.Compare(run, sign, left, right);

    private static bool Remainder(Run run, object? value, object? by, BigInteger expected) =>
        PyCompare.AreEqual(Operators.Binary(run, "%", value, by), expected);
}
