using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Parsing;

/// <summary>The statements of a template.</summary>
internal sealed class TemplateParser
{
    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;
    private readonly Stack<string> _open = new();
    private readonly HashSet<string> _blocks = [];

    private TemplateParser(string template)
    {
        _tokens = new TokenReader(Lexer.Split(template));
        _expressions = new ExpressionParser(_tokens);
    }

    public static IReadOnlyList<Statement> Parse(string template) => new TemplateParser(template).ParseBody([]);

    /// <summary>Statements until a block of one of these names, which is left for the caller.</summary>
    private List<Statement> ParseBody(string[] ends)
    {
        PyNumber.EnsureStack();
        var body = new List<Statement>();
        while (true)
        {
            switch (_tokens.Current.Kind)
            {
                case TokenKind.Data:
                    body.Add(new TextStatement(_tokens.Next().Text));
                    break;
                case TokenKind.VariableBegin:
                    _tokens.Next();
                    body.Add(new OutputStatement(_expressions.ParseTuple()));
                    _tokens.Expect(TokenKind.VariableEnd);
                    break;
                case TokenKind.BlockBegin:
                    _tokens.Next();
                    if (_tokens.Is(TokenKind.Name) && ends.Contains(_tokens.Current.Text))
                    {
                        return body;
                    }

                    body.AddRange(ParseStatement());
                    _tokens.Expect(TokenKind.BlockEnd);
                    break;
                default:
                    return ends.Length == 0 ? body : throw Unclosed(ends);
            }
        }
    }

    private List<Statement> ParseBodyUntil(string end)
    {
        var body = ParseBody([end]);
        _tokens.Next();
        return body;
    }

    private SyntaxException Unclosed(string[] ends)
    {
        var expected = string.Join(" or ", ends.Select(end => $"'{end}'"));
        var inner = _open.TryPeek(out var tag) ? $" The innermost block that needs to be closed is '{tag}'." : "";
        return _tokens.Error($"Unexpected end of template. Jinja was looking for the following tags: {expected}.{inner}");
    }

    private List<Statement> ParseStatement()
    {
        if (!_tokens.Is(TokenKind.Name))
        {
            throw _tokens.Error("tag name expected");
        }

        var tag = _tokens.Current.Text;
        _tokens.Next();
        _open.Push(tag);
        List<Statement> statements = tag switch
        {
            "if" => [ParseIf()],
            "for" => [ParseFor()],
            "set" => [ParseSet()],
            "with" => [ParseWith()],
            "macro" => [ParseMacro()],
            "call" => [ParseCall()],
            "filter" => [ParseFilterBlock()],
            "block" => [ParseBlock()],
            "print" => ParsePrint(),
            "autoescape" => ParseAutoescape(),
            "extends" or "include" or "import" or "from" => throw _tokens.Error("no loader for this environment specified: a template cannot take in other templates"),
            _ => throw UnknownTag(tag),
        };
        _open.Pop();
        return statements;
    }

    private SyntaxException UnknownTag(string tag)
    {
        _open.Pop();
        return _tokens.Error(_open.TryPeek(out var inner)
            ? $"Encountered unknown tag '{tag}'. The innermost block that needs to be closed is '{inner}'."
            : $"Encountered unknown tag '{tag}'.");
    }

    private IfStatement ParseIf()
    {
        var branches = new List<(Expression, IReadOnlyList<Statement>)>();
        while (true)
        {
            var test = _expressions.ParseTuple(withConditional: false);
            _tokens.Expect(TokenKind.BlockEnd);
            branches.Add((test, ParseBody(["elif", "else", "endif"])));
            switch (_tokens.Next().Text)
            {
                case "elif":
                    continue;
                case "else":
                    _tokens.Expect(TokenKind.BlockEnd);
                    return new IfStatement(branches, ParseBodyUntil("endif"));
                default:
                    return new IfStatement(branches, []);
            }
        }
    }

    private ForStatement ParseFor()
    {
        var target = ParseTarget("in");
        _tokens.ExpectName("in");
        var items = _expressions.ParseTuple(withConditional: false, endName: "recursive");
        var test = _tokens.SkipName("if") ? _expressions.Parse() : null;
        var isRecursive = _tokens.SkipName("recursive");
        _tokens.Expect(TokenKind.BlockEnd);
        var body = ParseBody(["endfor", "else"]);
        List<Statement> otherwise = [];
        if (_tokens.Next().Text == "else")
        {
            _tokens.Expect(TokenKind.BlockEnd);
            otherwise = ParseBodyUntil("endfor");
        }

        return new ForStatement(target, items, test, isRecursive, body, otherwise);
    }

    private Statement ParseSet()
    {
        var target = ParseTarget("=", withNamespace: true);
        if (_tokens.SkipOperator("="))
        {
            return new SetStatement(target, _expressions.ParseTuple());
        }

        var filter = _tokens.SkipOperator("|") ? ParseFilterChain() : null;
        _tokens.Expect(TokenKind.BlockEnd);
        return new SetBlockStatement(target, filter, ParseBodyUntil("endset"));
    }

    private WithStatement ParseWith()
    {
        var names = new List<(Target, Expression)>();
        while (!_tokens.Is(TokenKind.BlockEnd))
        {
            if (names.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            var target = ParseSingleTarget(false);
            _tokens.ExpectOperator("=");
            names.Add((target, _expressions.Parse()));
        }

        _tokens.Expect(TokenKind.BlockEnd);
        return new WithStatement(names, ParseBodyUntil("endwith"));
    }

    private MacroStatement ParseMacro()
    {
        var name = _tokens.ExpectAnyName();
        return new MacroStatement(name, ParseMacroBody("endmacro"));
    }

    private CallStatement ParseCall()
    {
        var (parameters, defaults) = _tokens.IsOperator("(") ? ParseSignature() : ([], []);
        var call = _expressions.Parse() as CallExpression ?? throw _tokens.Error("expected call");
        return new CallStatement(call, ParseMacroBody("endcall", parameters, defaults));
    }

    private MacroBody ParseMacroBody(string end)
    {
        var (parameters, defaults) = ParseSignature();
        return ParseMacroBody(end, parameters, defaults);
    }

    private MacroBody ParseMacroBody(string end, List<string> parameters, List<Expression> defaults)
    {
        _tokens.Expect(TokenKind.BlockEnd);
        var from = _tokens.Position;
        var body = ParseBodyUntil(end);
        bool Uses(string name) => !parameters.Contains(name) && _tokens.HasName(from, name);
        return new MacroBody(parameters, defaults, body, Uses("caller") || parameters.Contains("caller"), Uses("kwargs"), Uses("varargs"));
    }

    private (List<string> Parameters, List<Expression> Defaults) ParseSignature()
    {
        var parameters = new List<string>();
        var defaults = new List<Expression>();
        _tokens.ExpectOperator("(");
        while (!_tokens.IsOperator(")"))
        {
            if (parameters.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            parameters.Add(CheckedName(_tokens.ExpectAnyName()));
            if (_tokens.SkipOperator("="))
            {
                defaults.Add(_expressions.Parse());
            }
            else if (defaults.Count > 0)
            {
                throw _tokens.Error("non-default argument follows default argument");
            }
        }

        _tokens.ExpectOperator(")");
        return (parameters, defaults);
    }

    private FilterBlockStatement ParseFilterBlock()
    {
        var filter = ParseFilterChain();
        _tokens.Expect(TokenKind.BlockEnd);
        return new FilterBlockStatement(filter, ParseBodyUntil("endfilter"));
    }

    private FilterChain ParseFilterChain()
    {
        var filters = new List<(string, CallArguments)>();
        do
        {
            filters.Add(_expressions.ParseFilter());
        }
        while (_tokens.SkipOperator("|"));

        return new FilterChain(filters);
    }

    private BlockStatement ParseBlock()
    {
        var name = _tokens.ExpectAnyName();
        if (!_blocks.Add(name))
        {
            throw _tokens.Error($"block '{name}' defined twice");
        }

        var isScoped = _tokens.SkipName("scoped");
        _tokens.SkipName("required");
        _tokens.Expect(TokenKind.BlockEnd);
        var body = ParseBodyUntil("endblock");
        if (_tokens.Is(TokenKind.Name))
        {
            _tokens.ExpectName(name);
        }

        return new BlockStatement(isScoped, body);
    }

    private List<Statement> ParsePrint()
    {
        var values = new List<Statement>();
        while (!_tokens.Is(TokenKind.BlockEnd))
        {
            if (values.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            values.Add(new OutputStatement(_expressions.Parse()));
        }

        return values;
    }

    private List<Statement> ParseAutoescape()
    {
        if (_expressions.Parse() is not ConstantExpression { Value: false })
        {
            throw _tokens.Error("autoescape is not supported in templates: use the filter |e");
        }

        _tokens.Expect(TokenKind.BlockEnd);
        return ParseBodyUntil("endautoescape");
    }

    private Target ParseTarget(string end, bool withNamespace = false)
    {
        var first = ParseSingleTarget(withNamespace);
        if (!_tokens.IsOperator(","))
        {
            return first;
        }

        var items = new List<Target> { first };
        while (_tokens.SkipOperator(",") && !_tokens.IsName(end) && !_tokens.IsOperator(end))
        {
            items.Add(ParseSingleTarget(false));
        }

        return new TupleTarget(items);
    }

    private Target ParseSingleTarget(bool withNamespace)
    {
        PyNumber.EnsureStack();
        if (_tokens.SkipOperator("("))
        {
            var inner = ParseTarget(")");
            _tokens.ExpectOperator(")");
            return inner;
        }

        var name = CheckedName(_tokens.ExpectAnyName());
        return withNamespace && _tokens.SkipOperator(".") ? new NamespaceTarget(name, _tokens.ExpectAnyName()) : new NameTarget(name);
    }

    private string CheckedName(string name) => name is "true" or "false" or "none" or "True" or "False" or "None"
        ? throw _tokens.Error("can't assign to 'const'")
        : name;
}
