using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Parsing;

/// <summary>Goes through the tokens of a template.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private int _position;

    public Token Current => tokens[_position];

    public int Position => _position;

    /// <summary>Whether a name occurs from a position to here.</summary>
    public bool HasName(int from, string name) => tokens.GetRange(from, _position - from).Exists(token => token.Kind == TokenKind.Name && token.Text == name);

    public Token Ahead(int count = 1) => tokens[Math.Min(_position + count, tokens.Count - 1)];

    public Token Next()
    {
        var token = Current;
        if (token.Kind != TokenKind.End)
        {
            _position++;
        }

        return token;
    }

    public bool Is(TokenKind kind) => Current.Kind == kind;

    public bool IsName(string name) => Current.Kind == TokenKind.Name && Current.Text == name;

    public bool IsOperator(string sign) => Current.Kind == TokenKind.Operator && Current.Text == sign;

    public bool SkipName(string name) => Skip(IsName(name));

    public bool SkipOperator(string sign) => Skip(IsOperator(sign));

    public void ExpectOperator(string sign)
    {
        if (!SkipOperator(sign))
        {
            throw Expected($"'{sign}'");
        }
    }

    public void ExpectName(string name)
    {
        if (!SkipName(name))
        {
            throw Expected($"'{name}'");
        }
    }

    public string ExpectAnyName() => Is(TokenKind.Name) ? Next().Text : throw Expected("'name'");

    public Token Expect(TokenKind kind) => Is(kind) ? Next() : throw Expected($"'{Describe(new Token(kind, "", 0))}'");

    public SyntaxException Expected(string what) => Is(TokenKind.End)
        ? Error($"unexpected end of template, expected {what}.")
        : Error($"expected token {what}, got {PyText.Repr(Describe(Current))}");

    public SyntaxException Unexpected() => Error($"unexpected {PyText.Repr(Describe(Current))}");

    public SyntaxException Error(string message) => new(message, Current.Line);

    private bool Skip(bool isIt)
    {
        if (isIt)
        {
            Next();
        }

        return isIt;
    }

    private static string Describe(Token token) => token.Kind switch
    {
        TokenKind.Data => "template data / text",
        TokenKind.VariableBegin => "begin of print statement",
        TokenKind.VariableEnd => "end of print statement",
        TokenKind.BlockBegin => "begin of statement block",
        TokenKind.BlockEnd => "end of statement block",
        TokenKind.End => "end of template",
        TokenKind.String when token.Text.Length == 0 => "string",
        _ => token.Text,
    };
}
