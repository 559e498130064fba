using System.Numerics;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>Operators on all types.</summary>
internal static class Operators
{
    public static object? Unary(string sign, object? value) => PyNumber.Plain(value) switch
    {
        BigInteger number => sign == "-" ? -number : number,
        double number => sign == "-" ? -number : number,
        _ when value is Undefined missing => throw missing.Error(),
        _ => throw PyException.TypeError($"bad operand type for unary {sign}: '{PyType.NameOf(value)}'"),
    };

    public static object? Binary(Run run, string sign, object? left, object? right)
    {
        if (left is Undefined || right is Undefined)
        {
            throw (left as Undefined ?? (Undefined)right!).Error();
        }

        if (sign == "%" && PyType.TextOf(left) is { } format)
        {
            var text = PercentFormat.Apply(run, format, left is Markup ? EscapeAll(right) : right);
            return left is Markup ? new Markup(text) : text;
        }

        if (PyNumber.Plain(left) is { } a && PyNumber.Plain(right) is { } b)
        {
            return PyNumber.Calculate(sign, a, b);
        }

        return sign switch
        {
            "+" => Add(run, left, right),
            "*" when PyNumber.Plain(right) is BigInteger times => Repeat(run, left, times) ?? throw Unsupported(sign, left, right),
            "*" when PyNumber.Plain(left) is BigInteger times => Repeat(run, right, times) ?? throw Unsupported(sign, left, right),
            "*" when IsSequence(left) || IsSequence(right) =>
                throw PyException.TypeError($"can't multiply sequence by non-int of type '{PyType.NameOf(IsSequence(left) ? right : left)}'"),
            _ => throw Unsupported(sign, left, right),
        };
    }

    public static bool Compare(Run run, string sign, object? left, object? right) => sign switch
    {
        "==" => PyCompare.AreEqual(left, right),
        "!=" => !PyCompare.AreEqual(left, right),
        "in" => Contains(run, right, left),
        "not in" => !Contains(run, right, left),
        _ => PyCompare.Holds(left, sign, right),
    };

    public static bool Contains(Run run, object? owner, object? item) => owner switch
    {
        string or Markup => PyType.TextOf(item) is { } part ? PyType.TextOf(owner)!.Contains(part, StringComparison.Ordinal)
            : throw (item is Undefined missing ? missing.Error() : PyException.TypeError($"'in <string>' requires string as left operand, not {PyType.NameOf(item)}")),
        PyDict dict => dict.Contains(item),
        Undefined => false,
        List<object?> or PyTuple or PySequence or PyIterator => run.Iterate(owner).Any(other => PyCompare.AreEqual(other, item)),
        _ => throw PyException.TypeError($"argument of type '{PyType.NameOf(owner)}' is not iterable"),
    };

    private static object? Add(Run run, object? left, object? right)
    {
        switch (left, right)
        {
            case (List<object?> x, List<object?> y):
                return run.ToList(x.Concat(y));
            case (PyTuple x, PyTuple y):
                return new PyTuple([.. run.ToList(x.Items.Concat(y.Items))]);
            case (Markup, string or Markup) or (string, Markup):
                return new Markup(Markup.Of(left).Text + Markup.Of(right).Text);
            case (string x, string y):
                run.CheckLength(x.Length + y.Length);
                return x + y;
            case (string or Markup, _):
                throw PyException.TypeError($"can only concatenate str (not \"{PyType.NameOf(right)}\") to str");
            case (List<object?> or PyTuple, _):
                throw PyException.TypeError($"can only concatenate {PyType.NameOf(left)} (not \"{PyType.NameOf(right)}\") to {PyType.NameOf(left)}");
            default:
                throw Unsupported("+", left, right);
        }
    }

    private static object? Repeat(Run run, object? value, BigInteger times)
    {
        var count = times.Sign < 0 ? 0 : (int)BigInteger.Min(times, int.MaxValue);
        switch (value)
        {
            case string text:
                run.CheckLength((long)text.Length * count);
                return string.Concat(Enumerable.Repeat(text, text.Length == 0 ? 0 : count));
            case Markup text:
                run.CheckLength((long)text.Text.Length * count);
                return new Markup(string.Concat(Enumerable.Repeat(text.Text, text.Text.Length == 0 ? 0 : count)));
            case List<object?> list:
                return run.ToList(Enumerable.Repeat(list, list.Count == 0 ? 0 : count).SelectMany(item => item));
            case PyTuple tuple:
                return new PyTuple([.. run.ToList(Enumerable.Repeat(tuple.Items, tuple.Items.Length == 0 ? 0 : count).SelectMany(item => item))]);
            default:
                return null;
        }
    }

    private static bool IsSequence(object? value) => value is string or Markup or List<object?> or PyTuple;

    private static object? EscapeAll(object? value) => value switch
    {
        string => Markup.Of(value),
        PyTuple tuple => new PyTuple([.. tuple.Items.Select(EscapeAll)]),
        _ => value,
    };

    private static PyException Unsupported(string sign, object? left, object? right) => PyException.TypeError(
        $"unsupported operand type(s) for {(sign == "**" ? "** or pow()" : sign)}: '{PyType.NameOf(left)}' and '{PyType.NameOf(right)}'");
}
