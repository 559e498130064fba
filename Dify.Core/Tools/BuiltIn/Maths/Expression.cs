using System.Globalization;

namespace Dify.Core.Tools.BuiltIn.Maths;

/// <summary>Reads and calculates an expression in one pass: numbers, operators and functions, and nothing else.</summary>
internal sealed class Expression
{
    private const int Longest = 10_000;
    private const int Deepest = 200;

    /// <summary>From the weakest to the strongest; <c>**</c> binds more strongly than a sign and is read apart.</summary>
    private static readonly string[][] Levels =
    [
        ["<=", ">=", "==", "!=", "<", ">"], ["|"], ["^"], ["&"], ["+", "-"], ["//", "*", "/", "%"],
    ];

    private readonly string _text;
    private int _at;
    private int _depth;

    private Expression(string text) => _text = text;

    /// <exception cref="FormatException">It is no expression; the message says where.</exception>
    /// <exception cref="DivideByZeroException">A divisor is zero.</exception>
    /// <exception cref="OverflowException">A whole number has more than 64 bits.</exception>
    public static string Evaluate(string text)
    {
        if (text.Length > Longest)
        {
            throw new FormatException($"it is longer than {Longest} characters");
        }

        var expression = new Expression(text);
        var value = expression.Level(0);
        expression.SkipBlank();
        return expression._at == text.Length ? value.ToString() : throw expression.Unexpected();
    }

    private Number Level(int level)
    {
        if (level == Levels.Length)
        {
            return Signed();
        }

        var value = Level(level + 1);
        while (Operator(Levels[level]) is { } name)
        {
            value = Number.Apply(name, value, Level(level + 1));
        }

        return value;
    }

    private Number Signed()
    {
        if (++_depth > Deepest)
        {
            throw new FormatException("it is nested too deeply");
        }

        try
        {
            return Operator(["-", "+"]) switch
            {
                "-" => Number.Negate(Signed()),
                "+" => Signed(),
                _ => Raised(),
            };
        }
        finally
        {
            _depth--;
        }
    }

    private Number Raised()
    {
        var value = Atom();
        return Operator(["**"]) is null ? value : Number.Apply("**", value, Signed());
    }

    private Number Atom()
    {
        SkipBlank();
        if (_at >= _text.Length)
        {
            throw Unexpected();
        }

        if (_text[_at] == '(')
        {
            _at++;
            var value = Level(0);
            Expect(')');
            return value;
        }

        return char.IsAsciiLetter(_text[_at]) ? Named() : Literal();
    }

    private Number Named()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        var name = _text[start.._at];
        SkipBlank();
        if (_at >= _text.Length || _text[_at] != '(')
        {
            return name switch
            {
                "pi" => Number.Of(Math.PI),
                "e" => Number.Of(Math.E),
                "True" => Number.Of(true),
                "False" => Number.Of(false),
                _ => throw new FormatException($"name '{name}' is not defined"),
            };
        }

        _at++;
        var values = new List<Number>();
        do
        {
            values.Add(Level(0));
        }
        while (Operator([","]) is not null);

        Expect(')');
        return Number.Call(name, values);
    }

    private Number Literal()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] is '.' or '_'
            || (_text[_at] is 'e' or 'E' && _at > start)
            || (_text[_at] is '+' or '-' && _at > start && _text[_at - 1] is 'e' or 'E' && _at > start)))
        {
            _at++;
        }

        var text = _text[start.._at].Replace("_", "", StringComparison.Ordinal);
        if (text.Length == 0)
        {
            throw Unexpected();
        }

        if (text.All(char.IsAsciiDigit))
        {
            return Number.Of(long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            ? Number.Of(real)
            : throw new FormatException($"'{text}' is no number");
    }

    private string? Operator(string[] names)
    {
        SkipBlank();
        foreach (var name in names)
        {
            if (_text.AsSpan(_at).StartsWith(name, StringComparison.Ordinal)
                && !(name == "*" && _text.AsSpan(_at).StartsWith("**", StringComparison.Ordinal)))
            {
                _at += name.Length;
                return name;
            }
        }

        return null;
    }

    private void Expect(char wanted)
    {
        SkipBlank();
        if (_at >= _text.Length || _text[_at] != wanted)
        {
            throw Unexpected();
        }

        _at++;
    }

    private FormatException Unexpected() => new(_at < _text.Length
        ? $"invalid syntax at '{_text[_at]}' (position {_at + 1})"
        : "the expression is not complete");

    private void SkipBlank()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }
}
