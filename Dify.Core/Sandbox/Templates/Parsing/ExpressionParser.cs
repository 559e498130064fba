using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Parsing;

/// <summary>Expressions, with the precedence that Jinja2 gives the operators.</summary>
internal sealed partial class ExpressionParser(TokenReader tokens)
{
    private static readonly HashSet<string> Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    public Expression Parse(bool withConditional = true)
    {
        PyNumber.EnsureStack();
        return withConditional ? ParseConditional() : ParseOr();
    }

    /// <summary>One expression, or several with commas as a tuple.</summary>
    public Expression ParseTuple(bool withConditional = true, string? endName = null, bool isInParentheses = false)
    {
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0 && !isTuple)
            {
                tokens.ExpectOperator(",");
            }

            if (IsTupleEnd(endName))
            {
                break;
            }

            items.Add(Parse(withConditional));
            if (!tokens.IsOperator(","))
            {
                break;
            }

            isTuple = true;
            tokens.Next();
        }

        if (isTuple)
        {
            return new TupleExpression(items);
        }

        return items.Count > 0 ? items[0] : isInParentheses ? new TupleExpression([])
            : throw tokens.Error($"Expected an expression, got {PyText.Repr(tokens.Is(TokenKind.BlockEnd) ? "end of statement block" : tokens.Current.Text)}");
    }

    public CallArguments ParseCallArguments()
    {
        tokens.ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? rest = null, namedRest = null;
        for (var isFirst = true; !tokens.IsOperator(")"); isFirst = false)
        {
            if (!isFirst)
            {
                tokens.ExpectOperator(",");
                if (tokens.IsOperator(")"))
                {
                    break;
                }
            }

            if (tokens.SkipOperator("*"))
            {
                rest = rest is null && namedRest is null ? Parse() : throw tokens.Error("invalid syntax for function call expression");
            }
            else if (tokens.SkipOperator("**"))
            {
                namedRest = namedRest is null ? Parse() : throw tokens.Error("invalid syntax for function call expression");
            }
            else if (tokens.Is(TokenKind.Name) && tokens.Ahead() is { Kind: TokenKind.Operator, Text: "=" } && namedRest is null)
            {
                var name = tokens.Next().Text;
                tokens.Next();
                named.Add((name, Parse()));
            }
            else
            {
                positional.Add(named.Count == 0 && rest is null && namedRest is null ? Parse() : throw tokens.Error("invalid syntax for function call expression"));
            }
        }

        tokens.ExpectOperator(")");
        return new CallArguments(positional, named, rest, namedRest);
    }

    /// <summary>Filters after an expression, or after <c>filter</c> and <c>set</c>.</summary>
    public (string Name, CallArguments Arguments) ParseFilter()
    {
        var name = tokens.ExpectAnyName();
        while (tokens.SkipOperator("."))
        {
            name += "." + tokens.ExpectAnyName();
        }

        return (name, tokens.IsOperator("(") ? ParseCallArguments() : CallArguments.None);
    }

    private bool IsTupleEnd(string? endName) => tokens.Is(TokenKind.VariableEnd) || tokens.Is(TokenKind.BlockEnd)
        || tokens.IsOperator(")") || (endName is not null && tokens.IsName(endName));

    private Expression ParseConditional()
    {
        var value = ParseOr();
        while (tokens.SkipName("if"))
        {
            var test = ParseOr();
            value = new ConditionalExpression(test, value, tokens.SkipName("else") ? ParseConditional() : null);
        }

        return value;
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.SkipName("or"))
        {
            left = new LogicalExpression(false, left, ParseAnd());
        }

        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.SkipName("and"))
        {
            left = new LogicalExpression(true, left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot()
    {
        PyNumber.EnsureStack();
        return tokens.SkipName("not") ? new UnaryExpression("not", ParseNot()) : ParseCompare();
    }

    private Expression ParseCompare()
    {
        var first = ParseSum();
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (tokens.Is(TokenKind.Operator) && Comparisons.Contains(tokens.Current.Text))
            {
                rest.Add((tokens.Next().Text, ParseSum()));
            }
            else if (tokens.SkipName("in"))
            {
                rest.Add(("in", ParseSum()));
            }
            else if (tokens.IsName("not") && tokens.Ahead() is { Kind: TokenKind.Name, Text: "in" })
            {
                tokens.Next();
                tokens.Next();
                rest.Add(("not in", ParseSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new CompareExpression(first, rest);
            }
        }
    }

    private Expression ParseSum() => ParseBinary(ParseConcat, "+", "-");

    private Expression ParseConcat()
    {
        var first = ParseProduct();
        if (!tokens.IsOperator("~"))
        {
            return first;
        }

        var items = new List<Expression> { first };
        while (tokens.SkipOperator("~"))
        {
            items.Add(ParseProduct());
        }

        return new ConcatExpression(items);
    }

    private Expression ParseProduct() => ParseBinary(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower() => ParseBinary(() => ParseUnary(), "**");

    private Expression ParseBinary(Func<Expression> operand, params ReadOnlySpan<string> signs)
    {
        var left = operand();
        while (tokens.Is(TokenKind.Operator) && signs.Contains(tokens.Current.Text))
        {
            left = new BinaryExpression(tokens.Next().Text, left, operand());
        }

        return left;
    }

    private Expression ParseUnary(bool withFilter = true)
    {
        PyNumber.EnsureStack();
        var value = tokens.SkipOperator("-") ? new UnaryExpression("-", ParseUnary(false))
            : tokens.SkipOperator("+") ? new UnaryExpression("+", ParseUnary(false))
            : ParsePrimary();
        value = ParsePostfix(value);
        return withFilter ? ParseFilters(value) : value;
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            if (tokens.IsOperator(".") || tokens.IsOperator("["))
            {
                value = ParseSubscript(value);
            }
            else if (tokens.IsOperator("("))
            {
                value = new CallExpression(value, ParseCallArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseFilters(Expression value)
    {
        while (true)
        {
            if (tokens.SkipOperator("|"))
            {
                var (name, arguments) = ParseFilter();
                value = new FilterExpression(value, name, arguments);
            }
            else if (tokens.IsName("is"))
            {
                value = ParseTest(value);
            }
            else if (tokens.IsOperator("("))
            {
                value = new CallExpression(value, ParseCallArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseSubscript(Expression value)
    {
        if (tokens.SkipOperator("."))
        {
            return tokens.Current.Kind switch
            {
                TokenKind.Name => new AttributeExpression(value, tokens.Next().Text),
                TokenKind.Integer => new ItemExpression(value, new ConstantExpression(ReadInteger(tokens.Next().Text))),
                _ => throw tokens.Error("expected name or number"),
            };
        }

        tokens.ExpectOperator("[");
        var items = new List<Expression>();
        var slices = 0;
        SliceExpression? slice = null;
        do
        {
            if (items.Count > 0)
            {
                tokens.ExpectOperator(",");
            }

            slice = ParseSlice(value, out var item);
            slices += slice is null ? 0 : 1;
            items.Add(item);
        }
        while (!tokens.IsOperator("]"));

        tokens.Next();
        return items.Count == 1 ? slice as Expression ?? new ItemExpression(value, items[0])
            : slices == 0 ? new ItemExpression(value, new TupleExpression(items))
            : throw tokens.Error("Slices of several dimensions are not supported in templates.");
    }

    private SliceExpression? ParseSlice(Expression owner, out Expression item)
    {
        item = new ConstantExpression(null);
        Expression? start = null, stop = null, step = null;
        if (!tokens.IsOperator(":"))
        {
            start = item = Parse();
            if (!tokens.IsOperator(":"))
            {
                return null;
            }
        }

        tokens.ExpectOperator(":");
        stop = ParseBound();
        if (tokens.SkipOperator(":"))
        {
            step = ParseBound();
        }

        return new SliceExpression(owner, start, stop, step);
    }

    private Expression? ParseBound() => tokens.IsOperator(":") || tokens.IsOperator("]") || tokens.IsOperator(",") ? null : Parse();

    private Expression ParseTest(Expression value)
    {
        tokens.ExpectName("is");
        var isNegated = tokens.SkipName("not");
        var name = tokens.ExpectAnyName();
        while (tokens.SkipOperator("."))
        {
            name += "." + tokens.ExpectAnyName();
        }

        var arguments = CallArguments.None;
        if (tokens.IsOperator("("))
        {
            arguments = ParseCallArguments();
        }
        else if (StartsArgument())
        {
            if (tokens.IsName("is"))
            {
                throw tokens.Error("You cannot chain multiple tests with is");
            }

            arguments = new CallArguments([ParsePostfix(ParsePrimary())], [], null, null);
        }

        var test = new TestExpression(value, name, arguments);
        return isNegated ? new UnaryExpression("not", test) : test;
    }

    private bool StartsArgument() => tokens.Current.Kind switch
    {
        TokenKind.Name => tokens.Current.Text is not ("else" or "or" or "and"),
        TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
        TokenKind.Operator => tokens.Current.Text is "[" or "{",
        _ => false,
    };
}
