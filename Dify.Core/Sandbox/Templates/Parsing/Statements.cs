using System.Text;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Parsing;

/// <summary>A part of a template.</summary>
internal abstract record Statement
{
    public abstract void Render(Frame frame, StringBuilder output);
}

/// <summary>Statements one after another.</summary>
internal static class Block
{
    public static void Render(IReadOnlyList<Statement> statements, Frame frame, StringBuilder output)
    {
        foreach (var statement in statements)
        {
            frame.Run.Step();
            statement.Render(frame, output);
            if (output.Length > Run.LongestText)
            {
                throw Run.TooLong();
            }
        }
    }
}

internal sealed record TextStatement(string Text) : Statement
{
    public override void Render(Frame frame, StringBuilder output) => output.Append(Text);
}

internal sealed record OutputStatement(Expression Value) : Statement
{
    public override void Render(Frame frame, StringBuilder output)
    {
        var value = Value.Evaluate(frame);
        output.Append(PyText.Str(value));
    }
}

internal sealed record IfStatement(IReadOnlyList<(Expression Test, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Else) : Statement
{
    public override void Render(Frame frame, StringBuilder output)
    {
        foreach (var (test, body) in Branches)
        {
            if (PyType.IsTrue(test.Evaluate(frame)))
            {
                Block.Render(body, frame, output);
                return;
            }
        }

        Block.Render(Else, frame, output);
    }
}

internal sealed record ForStatement(
    Target Target, Expression Items, Expression? Test, bool IsRecursive, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else) : Statement
{
    public override void Render(Frame frame, StringBuilder output) => Render(frame, Items.Evaluate(frame), 0, output);

    private void Render(Frame frame, object? source, int depth, StringBuilder output)
    {
        var run = frame.Run;
        var items = run.ToList(run.Iterate(source).Where(item => Passes(frame, item)));
        if (items.Count == 0)
        {
            Block.Render(Else, new Frame(run, frame), output);
            return;
        }

        var loop = new LoopContext(items, IsRecursive ? (_, inner, level) => Recurse(frame, inner, level) : null, depth);
        while (loop.MoveNext())
        {
            run.Step();
            var inside = new Frame(run, frame);
            Target.Assign(inside, loop.Current);
            inside.Set("loop", loop);
            Block.Render(Body, inside, output);
        }
    }

    private bool Passes(Frame frame, object? item)
    {
        if (Test is null)
        {
            return true;
        }

        var inside = new Frame(frame.Run, frame);
        Target.Assign(inside, item);
        return PyType.IsTrue(Test.Evaluate(inside));
    }

    private string Recurse(Frame frame, object? source, int depth)
    {
        frame.Run.Enter();
        var text = new StringBuilder();
        Render(frame, source, depth, text);
        frame.Run.Leave();
        return text.ToString();
    }
}

internal sealed record SetStatement(Target Target, Expression Value) : Statement
{
    public override void Render(Frame frame, StringBuilder output) => Target.Assign(frame, Value.Evaluate(frame));
}

/// <summary><c>{% set x %}…{% endset %}</c>, with filters.</summary>
internal sealed record SetBlockStatement(Target Target, FilterChain? Filter, IReadOnlyList<Statement> Body) : Statement
{
    public override void Render(Frame frame, StringBuilder output)
    {
        var inside = new Frame(frame.Run, frame);
        var text = new StringBuilder();
        Block.Render(Body, inside, text);
        Target.Assign(frame, Filter is null ? text.ToString() : Filter.Apply(inside, text.ToString()));
    }
}

internal sealed record WithStatement(IReadOnlyList<(Target Target, Expression Value)> Names, IReadOnlyList<Statement> Body) : Statement
{
    public override void Render(Frame frame, StringBuilder output)
    {
        var inside = new Frame(frame.Run, frame);
        foreach (var (target, value) in Names)
        {
            target.Assign(inside, value.Evaluate(frame));
        }

        Block.Render(Body, inside, output);
    }
}

internal sealed record FilterBlockStatement(FilterChain Filter, IReadOnlyList<Statement> Body) : Statement
{
    public override void Render(Frame frame, StringBuilder output)
    {
        var inside = new Frame(frame.Run, frame);
        var text = new StringBuilder();
        Block.Render(Body, inside, text);
        output.Append(PyText.Str(Filter.Apply(inside, text.ToString())));
    }
}

/// <summary>A block of its own scope: <c>block</c>, which no other template can replace here.</summary>
internal sealed record BlockStatement(bool IsScoped, IReadOnlyList<Statement> Body) : Statement
{
    public override void Render(Frame frame, StringBuilder output) =>
        Block.Render(Body, new Frame(frame.Run, IsScoped ? frame : frame.Run.Top), output);
}

internal sealed record MacroStatement(string Name, MacroBody Macro) : Statement
{
    public override void Render(Frame frame, StringBuilder output) => frame.Set(Name, new Macro(Name, Macro, frame));
}

internal sealed record CallStatement(CallExpression Call, MacroBody Caller) : Statement
{
    public override void Render(Frame frame, StringBuilder output) =>
        output.Append(PyText.Str(Call.Evaluate(frame, new Macro("caller", Caller, frame))));
}

/// <summary>What macros and call blocks are made of.</summary>
internal sealed record MacroBody(
    IReadOnlyList<string> Parameters, IReadOnlyList<Expression> Defaults, IReadOnlyList<Statement> Body, bool UsesCaller, bool UsesKwargs, bool UsesVarargs);

/// <summary>What is assigned to.</summary>
internal abstract record Target
{
    public abstract void Assign(Frame frame, object? value);
}

internal sealed record NameTarget(string Name) : Target
{
    public override void Assign(Frame frame, object? value) => frame.Set(Name, value);
}

internal sealed record TupleTarget(IReadOnlyList<Target> Items) : Target
{
    public override void Assign(Frame frame, object? value)
    {
        if (value is Undefined or null or bool or double or System.Numerics.BigInteger)
        {
            throw value is Undefined missing ? missing.Error() : PyException.TypeError($"cannot unpack non-iterable {PyType.NameOf(value)} object");
        }

        var values = frame.Run.Iterate(value).Take(Items.Count + 1).ToList();
        if (values.Count != Items.Count)
        {
            throw PyException.ValueError(values.Count > Items.Count
                ? $"too many values to unpack (expected {Items.Count})"
                : $"not enough values to unpack (expected {Items.Count}, got {values.Count})");
        }

        for (var i = 0; i < Items.Count; i++)
        {
            Items[i].Assign(frame, values[i]);
        }
    }
}

internal sealed record NamespaceTarget(string Name, string Attribute) : Target
{
    public override void Assign(Frame frame, object? value)
    {
        if (frame.Find(Name) is not Library.Namespace space)
        {
            throw new PyException("TemplateRuntimeError", "cannot assign attribute on non-namespace object");
        }

        space.Values.Set(Attribute, value);
    }
}
