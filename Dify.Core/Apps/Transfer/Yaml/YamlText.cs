using System.Buffers;
using System.Globalization;
using System.Text;

namespace Dify.Core.Apps.Transfer.Yaml;

/// <summary>The text that a <see cref="YamlWriter"/> puts down, with PyYAML's rules for indents, spaces and line breaks.</summary>
internal sealed class YamlText
{
    private const int Width = 80;

    /// <summary>PyYAML leaves a key with these unquoted where it may; other parsers read them differently.</summary>
    private static readonly SearchValues<char> Misread = SearchValues.Create("{}[]*&?,");

    private readonly StringBuilder _text = new();
    private int _column;
    private bool _isSpace = true;

    /// <summary>Columns before the present line; null before anything is written.</summary>
    public int? Indent { get; set; }

    /// <summary>Whether nothing but indentation stands on the present line.</summary>
    public bool IsIndent { get; private set; } = true;

    public static int[] CodePoints(string text) => [.. text.EnumerateRunes().Select(rune => rune.Value)];

    public string End()
    {
        Indent = null;
        StartLine();
        return _text.ToString();
    }

    public void StartLine()
    {
        var indent = Indent ?? 0;
        if (!IsIndent || _column > indent || (_column == indent && !_isSpace))
        {
            BreakLine();
        }

        if (_column < indent)
        {
            _isSpace = true;
            _text.Append(' ', indent - _column);
            _column = indent;
        }
    }

    public void Indicator(string indicator, bool needsSpace = false, bool isSpace = false, bool isIndent = false)
    {
        if (needsSpace && !_isSpace)
        {
            Put(' ');
        }

        _isSpace = isSpace;
        IsIndent = IsIndent && isIndent;
        _text.Append(indicator);
        _column += indicator.Length;
    }

    public void String(string value, bool isKey)
    {
        var text = CodePoints(value);
        var shape = ScalarShape.Of(text);
        if (shape.AllowsPlain && !YamlScalars.NeedsQuotes(value) && !(isKey && value.AsSpan().ContainsAny(Misread)))
        {
            Plain(text, mayBreak: !isKey);
        }
        else if (shape.AllowsSingleQuotes && !(isKey && shape.IsMultiline))
        {
            SingleQuoted(text, mayBreak: !isKey);
        }
        else
        {
            DoubleQuoted(text, mayBreak: !isKey);
        }
    }

    public void Plain(ReadOnlySpan<int> text, bool mayBreak)
    {
        if (!_isSpace)
        {
            Put(' ');
        }

        _isSpace = IsIndent = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (mayBreak && IsSingleSpace(text, i) && _column > Width)
            {
                StartLine();
                _isSpace = IsIndent = false;
            }
            else
            {
                Put(text[i]);
            }
        }
    }

    private void SingleQuoted(ReadOnlySpan<int> text, bool mayBreak)
    {
        Indicator("'", needsSpace: true);
        for (var i = 0; i < text.Length; i++)
        {
            if (ScalarShape.IsBreak(text[i]))
            {
                i = PutBreaks(text, i);
            }
            else if (text[i] == '\'')
            {
                Put('\'');
                Put('\'');
            }
            else if (mayBreak && i > 0 && i < text.Length - 1 && IsSingleSpace(text, i) && _column > Width)
            {
                StartLine();
            }
            else
            {
                Put(text[i]);
            }
        }

        Indicator("'");
    }

    /// <summary>Writes breaks from <paramref name="start"/> on, one more than there are, and returns the last one's place.</summary>
    private int PutBreaks(ReadOnlySpan<int> text, int start)
    {
        if (text[start] == '\n')
        {
            BreakLine();
        }

        var end = start;
        for (; end < text.Length && ScalarShape.IsBreak(text[end]); end++)
        {
            BreakLine(text[end]);
        }

        StartLine();
        return end - 1;
    }

    private void DoubleQuoted(ReadOnlySpan<int> text, bool mayBreak)
    {
        Indicator("\"", needsSpace: true);
        var start = 0;
        for (var end = 0; end <= text.Length; end++)
        {
            int? character = end < text.Length ? text[end] : null;
            if (character is not { } plain || !StandsForItself(plain))
            {
                Put(text[start..end]);
                start = end;
                if (character is { } escaped)
                {
                    Escape(escaped);
                    start = end + 1;
                }
            }

            if (mayBreak && end > 0 && end < text.Length - 1 && (character == ' ' || start >= end) && _column + (end - start) > Width)
            {
                if (start < end)
                {
                    Put(text[start..end]);
                    start = end;
                }

                Put('\\');
                StartLine();
                _isSpace = IsIndent = false;
                if (text[start] == ' ')
                {
                    Put('\\');
                }
            }
        }

        Indicator("\"");
    }

    private static bool StandsForItself(int character) =>
        character is not ('"' or '\\' or 0x85 or 0x2028 or 0x2029 or 0xFEFF)
        && character is (>= ' ' and <= '~') or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD);

    private void Escape(int character)
    {
        var escape = character switch
        {
            0 => "\\0",
            7 => "\\a",
            8 => "\\b",
            9 => "\\t",
            10 => "\\n",
            11 => "\\v",
            12 => "\\f",
            13 => "\\r",
            0x1B => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            0x85 => "\\N",
            0xA0 => "\\_",
            0x2028 => "\\L",
            0x2029 => "\\P",
            <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{character:X2}"),
            <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{character:X4}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"\\U{character:X8}"),
        };
        _text.Append(escape);
        _column += escape.Length;
    }

    private void BreakLine(int lineBreak = '\n')
    {
        _isSpace = IsIndent = true;
        _column = 0;
        _text.Append((char)lineBreak);
    }

    private void Put(ReadOnlySpan<int> text)
    {
        foreach (var character in text)
        {
            Put(character);
        }
    }

    private void Put(int character)
    {
        if (character <= char.MaxValue)
        {
            _text.Append((char)character);
        }
        else
        {
            _text.Append(char.ConvertFromUtf32(character));
        }

        _column++;
    }

    private static bool IsSingleSpace(ReadOnlySpan<int> text, int at) =>
        text[at] == ' ' && (at == 0 || text[at - 1] != ' ') && (at + 1 >= text.Length || text[at + 1] != ' ');
}
