using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Prompts;

/// <summary>
/// Reads the nearly-JSON of models: single quotes, names without quotes, missing or spare commas, Python's words,
/// comments, and an end that never came.
/// </summary>
internal sealed class LenientJson
{
    private const int Deepest = 64;

    private readonly string _text;
    private int _at;

    private LenientJson(string text, int start) => (_text, _at) = (text, start);

    /// <summary>The first object of the text, else the first one of its first list; null when there is none.</summary>
    public static JsonObject? ReadObject(string text)
    {
        var start = text.AsSpan().IndexOfAny('{', '[');
        if (start < 0)
        {
            return null;
        }

        return new LenientJson(text, start).Value(0) switch
        {
            JsonObject map => map,
            JsonArray list => list.OfType<JsonObject>().FirstOrDefault()?.DeepClone() as JsonObject,
            _ => null,
        };
    }

    private JsonNode? Value(int depth)
    {
        SkipBlank();
        if (_at >= _text.Length || depth > Deepest)
        {
            _at = depth > Deepest ? _text.Length : _at;
            return null;
        }

        return _text[_at] switch
        {
            '{' => Map(depth),
            '[' => List(depth),
            '"' or '\'' => JsonValue.Create(Quoted()),
            _ => Word(),
        };
    }

    private JsonObject Map(int depth)
    {
        var map = new JsonObject();
        _at++;
        while (SkipSeparators() && _text[_at] != '}')
        {
            if (_text[_at] == ']')
            {
                break;
            }

            var before = _at;
            var name = _text[_at] is '"' or '\'' ? Quoted() : Bare(":,}]\n");
            SkipBlank();
            if (_at < _text.Length && _text[_at] == ':')
            {
                _at++;
                map[name] = Value(depth + 1);
            }
            else if (_at == before)
            {
                _at++;
            }
        }

        _at++;
        return map;
    }

    private JsonArray List(int depth)
    {
        var list = new JsonArray();
        _at++;
        while (SkipSeparators() && _text[_at] != ']')
        {
            if (_text[_at] == '}')
            {
                break;
            }

            var before = _at;
            list.Add(Value(depth + 1));
            _at += _at == before ? 1 : 0;
        }

        _at++;
        return list;
    }

    private string Quoted()
    {
        var quote = _text[_at++];
        var value = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            var next = _text[_at++];
            if (next != '\\' || _at >= _text.Length)
            {
                value.Append(next);
                continue;
            }

            var escaped = _text[_at++];
            value.Append(escaped switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                'u' => Unicode(),
                _ => escaped,
            });
        }

        _at++;
        return value.ToString();
    }

    private char Unicode()
    {
        if (_at + 4 <= _text.Length
            && ushort.TryParse(_text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            _at += 4;
            return (char)code;
        }

        return '\uFFFD';
    }

    private JsonNode? Word()
    {
        var word = Bare(",}]\n");
        return word.ToUpperInvariant() switch
        {
            "TRUE" => true,
            "FALSE" => false,
            "NULL" or "NONE" or "NAN" or "" => null,
            _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
            _ => word,
        };
    }

    private string Bare(string ends)
    {
        var start = _at;
        while (_at < _text.Length && !ends.Contains(_text[_at], StringComparison.Ordinal))
        {
            _at++;
        }

        return _text[start.._at].Trim();
    }

    /// <summary>False at the end of the text.</summary>
    private bool SkipSeparators()
    {
        do
        {
            SkipBlank();
        }
        while (_at < _text.Length && _text[_at] == ',' && ++_at > 0);

        return _at < _text.Length;
    }

    private void SkipBlank()
    {
        while (_at < _text.Length)
        {
            if (char.IsWhiteSpace(_text[_at]))
            {
                _at++;
            }
            else if (_text[_at] == '/' && _at + 1 < _text.Length && _text[_at + 1] is '/' or '*')
            {
                var end = _text[_at + 1] == '/' ? _text.IndexOf('\n', _at) : _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                _at = end < 0 ? _text.Length : end + (_text[_at + 1] == '/' ? 1 : 2);
            }
            else
            {
                return;
            }
        }
    }
}
