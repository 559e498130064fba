using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Parsing;

/// <summary>
/// Splits a template as Jinja2 does with its default settings: line ends become <c>\n</c>, one at the very end is
/// dropped, blocks keep the white space around them unless a sign in the tag says otherwise.
/// </summary>
internal sealed partial class Lexer
{
    private static readonly string[] Operators = ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly List<Token> _tokens = [];
    private readonly string _source;
    private int _position;
    private int _line = 1;

    private Lexer(string source) => _source = source;

    public static List<Token> Split(string template)
    {
        var source = template.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var lexer = new Lexer(source.EndsWith('\n') ? source[..^1] : source);
        lexer.Run();
        lexer._tokens.Add(new Token(TokenKind.End, "", lexer._line));
        return lexer._tokens;
    }

    private void Run()
    {
        while (_position < _source.Length)
        {
            var tag = NextTag();
            var data = _source[_position..tag];
            var sign = tag + 2 < _source.Length && tag < _source.Length ? _source[tag + 2] : ' ';
            var hasSign = sign == '-' || (sign == '+' && tag < _source.Length);
            var line = _line;
            _line += data.AsSpan().Count('\n');
            var kept = sign == '-' && tag < _source.Length ? PyString.Trim(data, null, start: false, end: true) : data;
            if (kept.Length > 0)
            {
                _tokens.Add(new Token(TokenKind.Data, kept, line));
            }

            _position = tag;
            if (tag < _source.Length)
            {
                ReadTag(_source[tag + 1], hasSign);
            }
        }
    }

    private int NextTag()
    {
        for (var at = _source.IndexOf('{', _position); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return _source.Length;
    }

    private void ReadTag(char kind, bool hasSign)
    {
        if (kind == '#')
        {
            ReadComment(hasSign);
        }
        else if (kind == '%' && RawBegin().Match(_source, _position) is { Success: true } raw)
        {
            ReadRaw(raw.Length);
        }
        else
        {
            var isBlock = kind == '%';
            _tokens.Add(new Token(isBlock ? TokenKind.BlockBegin : TokenKind.VariableBegin, "", _line));

            _position += hasSign ? 3 : 2;
            ReadExpression(isBlock ? '%' : '}', isBlock ? TokenKind.BlockEnd : TokenKind.VariableEnd);
        }
    }

    private void ReadComment(bool hasSign)
    {
        var end = _source.IndexOf("#}", _position + (hasSign ? 3 : 2), StringComparison.Ordinal);
        if (end < 0)
        {
            throw new SyntaxException("Missing end of comment tag", _line);
        }

        var strips = _source[end - 1] == '-' && end - 1 >= _position + (hasSign ? 3 : 2);
        Advance(end + 2);
        if (strips)
        {
            SkipSpace();
        }
    }

    private void ReadRaw(int beginLength)
    {
        var line = _line;
        Advance(_position + beginLength);
        if (_position == _source.Length)
        {
            return;
        }

        var end = RawEnd().Match(_source, _position);
        if (!end.Success)
        {
            throw new SyntaxException("Missing end of raw directive", line);
        }

        var data = _source[_position..end.Index];
        if (end.Groups[1].Value == "-")
        {
            data = PyString.Trim(data, null, start: false, end: true);
        }

        if (data.Length > 0)
        {
            _tokens.Add(new Token(TokenKind.Data, data, _line));
        }

        Advance(end.Index + end.Length);
    }

    private void ReadExpression(char endSign, TokenKind endKind)
    {
        var open = new Stack<string>();
        while (true)
        {
            SkipSpace();
            if (_position >= _source.Length)
            {
                return;
            }

            if (open.Count == 0 && IsEnd(endSign, out var length, out var strips))
            {
                _tokens.Add(new Token(endKind, "", _line));
                Advance(_position + length);
                if (strips)
                {
                    SkipSpace();
                }

                return;
            }

            ReadToken(open);
        }
    }

    // "-%}" and "-}}" strip what follows; "+%}" does not differ from "%}" here.
    private bool IsEnd(char sign, out int length, out bool strips)
    {
        var rest = _source.AsSpan(_position);
        strips = rest.Length > 2 && rest[0] == '-' && rest[1] == sign && rest[2] == '}';
        var hasPlus = sign == '%' && rest.Length > 2 && rest[0] == '+' && rest[1] == sign && rest[2] == '}';
        length = strips || hasPlus ? 3 : 2;
        return strips || hasPlus || (rest.Length > 1 && rest[0] == sign && rest[1] == '}');
    }

    private void ReadToken(Stack<string> open)
    {
        if (NumberToken().Match(_source, _position) is { Success: true } number && !(number.Groups["float"].Success && IsAfterPoint()))
        {
            Add(number.Groups["float"].Success ? TokenKind.Float : TokenKind.Integer, number.Value, number.Length);
        }
        else if (IntegerToken().Match(_source, _position) is { Success: true } integer)
        {
            Add(TokenKind.Integer, integer.Value, integer.Length);
        }
        else if (NameToken().Match(_source, _position) is { Success: true } name)
        {
            Add(TokenKind.Name, name.Value, name.Length);
        }
        else if (StringToken().Match(_source, _position) is { Success: true } text)
        {
            Add(TokenKind.String, Unescape(text.Value[1..^1]), text.Length);
        }
        else
        {
            ReadOperator(open);
        }
    }

    private bool IsAfterPoint() => _position > 0 && _source[_position - 1] == '.';

    private void ReadOperator(Stack<string> open)
    {
        var sign = Array.Find(Operators, candidate => string.CompareOrdinal(_source, _position, candidate, 0, candidate.Length) == 0)
            ?? throw new SyntaxException($"unexpected char {PyText.Repr(char.ConvertFromUtf32(char.ConvertToUtf32(_source + "\0", _position)))} at {_position}", _line);
        switch (sign)
        {
            case "{" or "(" or "[":
                open.Push(sign == "{" ? "}" : sign == "(" ? ")" : "]");
                break;
            case "}" or ")" or "]":
                if (!open.TryPop(out var expected))
                {
                    throw new SyntaxException($"unexpected '{sign}'", _line);
                }

                if (expected != sign)
                {
                    throw new SyntaxException($"unexpected '{sign}', expected '{expected}'", _line);
                }

                break;
        }

        Add(TokenKind.Operator, sign, sign.Length);
    }

    private void Add(TokenKind kind, string text, int length)
    {
        _tokens.Add(new Token(kind, text, _line));
        Advance(_position + length);
    }

    private void SkipSpace()
    {
        var end = _position;
        while (end < _source.Length && PyString.IsSpace(_source[end]))
        {
            end++;
        }

        Advance(end);
    }

    private void Advance(int position)
    {
        _line += _source.AsSpan(_position, position - _position).Count('\n');
        _position = position;
    }

    private string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        return Escape().Replace(text, match => match.Groups[1].Value[0] switch
        {
            '\n' => "",
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            '\\' or '\'' or '"' => match.Groups[1].Value,
            'x' or 'u' or 'U' when match.Length > 2 => CodePoint(int.Parse(match.ValueSpan[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
            'x' or 'u' or 'U' or 'N' => throw new SyntaxException("(unicode error) 'unicodeescape' codec can't decode bytes", _line),
            >= '0' and <= '7' => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString(),
            _ => match.Value,
        });
    }

    private static string CodePoint(int code) => code is >= 0xd800 and <= 0xdfff ? ((char)code).ToString()
        : Rune.IsValid(code) ? new Rune(code).ToString()
        : "\ufffd";

    [GeneratedRegex(@"\G\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})", RegexOptions.CultureInvariant)]
    private static partial Regex RawBegin();

    [GeneratedRegex(@"\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})", RegexOptions.CultureInvariant)]
    private static partial Regex RawEnd();

    [GeneratedRegex(@"\G(?:(?<float>(?:[0-9]+_)*[0-9]+(?:(?:\.(?:[0-9]+_)*[0-9]+)?[eE][+-]?(?:[0-9]+_)*[0-9]+|\.(?:[0-9]+_)*[0-9]+))|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?[0-9])*|0(?:_?0)*)", RegexOptions.CultureInvariant)]
    private static partial Regex NumberToken();

    [GeneratedRegex(@"\G(?:[1-9](?:_?[0-9])*|0(?:_?0)*)", RegexOptions.CultureInvariant)]
    private static partial Regex IntegerToken();

    [GeneratedRegex(@"\G[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*", RegexOptions.CultureInvariant)]
    private static partial Regex NameToken();

    [GeneratedRegex(@"\G(?:'(?:[^'\\]|\\.)*'|""(?:[^""\\]|\\.)*"")", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex StringToken();

    [GeneratedRegex(@"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|.)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
