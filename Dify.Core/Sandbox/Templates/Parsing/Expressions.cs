using System.Text;
using Dify.Core.Sandbox.Templates.Library;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Parsing;

/// <summary>Something with a value.</summary>
internal abstract record Expression
{
    public abstract object? Evaluate(Frame frame);
}

internal sealed record ConstantExpression(object? Value) : Expression
{
    public override object? Evaluate(Frame frame) => Value;
}

internal sealed record NameExpression(string Name) : Expression
{
    public override object? Evaluate(Frame frame) => frame.Find(Name);
}

internal sealed record ListExpression(IReadOnlyList<Expression> Items) : Expression
{
    public override object? Evaluate(Frame frame) => Items.Select(item => item.Evaluate(frame)).ToList();
}

internal sealed record TupleExpression(IReadOnlyList<Expression> Items) : Expression
{
    public override object? Evaluate(Frame frame) => new PyTuple([.. Items.Select(item => item.Evaluate(frame))]);
}

internal sealed record DictExpression(IReadOnlyList<(Expression Key, Expression Value)> Items) : Expression
{
    public override object? Evaluate(Frame frame)
    {
        var dict = new PyDict();
        foreach (var (key, value) in Items)
        {
            dict.Set(key.Evaluate(frame), value.Evaluate(frame));
        }

        return dict;
    }
}

internal sealed record UnaryExpression(string Sign, Expression Operand) : Expression
{
    public override object? Evaluate(Frame frame)
    {
        var value = Operand.Evaluate(frame);
        return Sign == "not" ? !PyType.IsTrue(value) : Operators.Unary(Sign, value);
    }
}

internal sealed record BinaryExpression(string Sign, Expression Left, Expression Right) : Expression
{
    public override object? Evaluate(Frame frame) => Operators.Binary(frame.Run, Sign, Left.Evaluate(frame), Right.Evaluate(frame));
}

/// <summary><c>and</c> and <c>or</c> give one of their operands.</summary>
internal sealed record LogicalExpression(bool IsAnd, Expression Left, Expression Right) : Expression
{
    public override object? Evaluate(Frame frame)
    {
        var left = Left.Evaluate(frame);
        return PyType.IsTrue(left) == IsAnd ? Right.Evaluate(frame) : left;
    }
}

internal sealed record ConcatExpression(IReadOnlyList<Expression> Items) : Expression
{
    public override object? Evaluate(Frame frame)
    {
        var text = new StringBuilder();
        foreach (var item in Items)
        {
            text.Append(PyText.Str(item.Evaluate(frame)));
            frame.Run.CheckLength(text.Length);
        }

        return text.ToString();
    }
}

internal sealed record CompareExpression(Expression First, IReadOnlyList<(string Sign, Expression Operand)> Rest) : Expression
{
    public override object? Evaluate(Frame frame)
    {
        var left = First.Evaluate(frame);
        foreach (var (sign, operand) in Rest)
        {
            var right = operand.Evaluate(frame);
            if (!Operators.Compare(frame.Run, sign, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}

internal sealed record ConditionalExpression(Expression Test, Expression Then, Expression? Else) : Expression
{
    public override object? Evaluate(Frame frame) => PyType.IsTrue(Test.Evaluate(frame)) ? Then.Evaluate(frame)
        : Else is not null ? Else.Evaluate(frame)
        : new Undefined("the inline if-expression evaluated to false and no else section was defined.");
}

/// <summary><c>a.b</c>: attributes (methods) before keys.</summary>
internal sealed record AttributeExpression(Expression Owner, string Name) : Expression
{
    public override object? Evaluate(Frame frame) => Attributes.Get(frame.Run, Owner.Evaluate(frame), Name);
}

/// <summary><c>a[b]</c>: keys before attributes.</summary>
internal sealed record ItemExpression(Expression Owner, Expression Key) : Expression
{
    public override object? Evaluate(Frame frame) => Attributes.GetItem(frame.Run, Owner.Evaluate(frame), Key.Evaluate(frame));
}

internal sealed record SliceExpression(Expression Owner, Expression? Start, Expression? Stop, Expression? Step) : Expression
{
    public override object? Evaluate(Frame frame) =>
        Slicing.Slice(Owner.Evaluate(frame), Start?.Evaluate(frame), Stop?.Evaluate(frame), Step?.Evaluate(frame));
}

internal sealed record CallExpression(Expression Target, CallArguments Arguments) : Expression
{
    public override object? Evaluate(Frame frame) => Evaluate(frame, null);

    public object? Evaluate(Frame frame, Macro? caller)
    {
        var target = Target.Evaluate(frame);
        var arguments = Arguments.Evaluate(frame);
        if (caller is not null)
        {
            arguments.Named["caller"] = caller;
        }

        return frame.Run.Call(target, arguments);
    }
}

/// <summary>The arguments of a call, a filter or a test.</summary>
internal sealed record CallArguments(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named, Expression? Rest, Expression? NamedRest)
{
    public static CallArguments None { get; } = new([], [], null, null);

    public Arguments Evaluate(Frame frame, params ReadOnlySpan<object?> before)
    {
        var positional = new List<object?>(Positional.Count + before.Length);
        positional.AddRange(before);
        positional.AddRange(Positional.Select(item => item.Evaluate(frame)));
        if (Rest is not null)
        {
            positional.AddRange(frame.Run.ToList(frame.Run.Iterate(Rest.Evaluate(frame))));
        }

        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in Named)
        {
            named[name] = value.Evaluate(frame);
        }

        if (NamedRest?.Evaluate(frame) is { } rest)
        {
            foreach (var (key, value) in rest as PyDict ?? throw PyException.TypeError("argument after ** must be a mapping"))
            {
                named[PyType.TextOf(key) ?? throw PyException.TypeError("keywords must be strings")] = value;
            }
        }

        return new Arguments(positional, named);
    }
}

/// <summary><c>value|name(arguments)</c>.</summary>
internal sealed record FilterExpression(Expression Operand, string Name, CallArguments Arguments) : Expression
{
    private readonly Func<Run, Arguments, object?> _filter = Filters.Find(Name);

    public override object? Evaluate(Frame frame)
    {
        frame.Run.Step();
        return _filter(frame.Run, Arguments.Evaluate(frame, Operand.Evaluate(frame)));
    }
}

/// <summary><c>value is name(arguments)</c>.</summary>
internal sealed record TestExpression(Expression Operand, string Name, CallArguments Arguments) : Expression
{
    private readonly Func<Run, Arguments, bool> _test = Tests.Find(Name);

    public override object? Evaluate(Frame frame)
    {
        frame.Run.Step();
        return _test(frame.Run, Arguments.Evaluate(frame, Operand.Evaluate(frame)));
    }
}

/// <summary>The filters of a filter block or a set block.</summary>
internal sealed record FilterChain(IReadOnlyList<(string Name, CallArguments Arguments)> Filters)
{
    private readonly Func<Run, Arguments, object?>[] _filters = [.. Filters.Select(filter => Library.Filters.Find(filter.Name))];

    public object? Apply(Frame frame, object? value)
    {
        for (var i = 0; i < _filters.Length; i++)
        {
            frame.Run.Step();
            value = _filters[i](frame.Run, Filters[i].Arguments.Evaluate(frame, value));
        }

        return value;
    }
}
