using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Json;

/// <summary>
/// Reads JSON as people and models write it: quotes of any kind or none, quotes and line breaks inside texts, commas and
/// brackets that lack or are too many, comments, Python's words, a code fence or talk around it.
/// </summary>
internal static class JsonRepair
{
    private const int MaxDepth = 60;
    private static readonly SearchValues<char> NumberLetters = SearchValues.Create("+-.0123456789eE");

    /// <summary>What the text most likely means; false when there is no object, list or value in it.</summary>
    public static bool TryParse(string text, out JsonNode? value)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            value = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return true;
        }
        catch (JsonException)
        {
            return new Reader(text).TryRead(out value);
        }
    }

    private sealed class Reader(string text)
    {
        private int _at;

        private enum Place
        {
            Key,
            ObjectValue,
            Element,
        }

        public bool TryRead(out JsonNode? value)
        {
            value = null;
            var start = text.AsSpan().IndexOfAny('{', '[');
            if (start >= 0)
            {
                _at = start;
                value = ReadValue(Place.Element, 0);
                return true;
            }

            SkipSpace();
            if (_at < text.Length && IsQuote(text[_at]))
            {
                value = ReadQuoted(Place.Element);
                return value.ToString().Length > 0;
            }

            return TryReadWord(text.Trim(), out value);
        }

        private JsonNode? ReadValue(Place place, int depth)
        {
            SkipSpace();
            if (_at >= text.Length)
            {
                return "";
            }

            if (depth >= MaxDepth)
            {
                _at = text.Length;
                return null;
            }

            return text[_at] switch
            {
                '{' => ReadObject(depth),
                '[' => ReadList(depth),
                var c when IsQuote(c) => ReadQuoted(place),
                _ => ReadBare(place),
            };
        }

        private JsonObject ReadObject(int depth)
        {
            var map = new JsonObject();
            _at++;
            while (true)
            {
                SkipSeparators();
                if (_at >= text.Length || text[_at] is '}' or ']')
                {
                    _at += _at < text.Length && text[_at] == '}' ? 1 : 0;
                    return map;
                }

                var before = _at;
                var name = IsQuote(text[_at]) ? ReadQuoted(Place.Key).ToString() : ReadKey();
                SkipSpace();
                if (_at < text.Length && text[_at] == ':')
                {
                    _at++;
                    SkipSpace();
                    map[name] = _at < text.Length && text[_at] is ',' or '}' ? "" : ReadValue(Place.ObjectValue, depth + 1);
                }
                else if (name.Length > 0 && (_at >= text.Length || text[_at] is ',' or '}'))
                {
                    map[name] = "";
                }

                _at = Math.Max(_at, before + 1);
            }
        }

        private JsonArray ReadList(int depth)
        {
            var list = new JsonArray();
            _at++;
            while (true)
            {
                SkipSeparators();
                if (_at >= text.Length || text[_at] is ']' or '}')
                {
                    _at += _at < text.Length && text[_at] == ']' ? 1 : 0;
                    return list;
                }

                var before = _at;
                list.Add(ReadValue(Place.Element, depth + 1));
                _at = Math.Max(_at, before + 1);
            }
        }

        private JsonValue ReadQuoted(Place place)
        {
            var closing = text[_at] switch { '“' => '”', '‘' => '’', var same => same };
            _at++;
            var read = new StringBuilder();
            while (_at < text.Length)
            {
                var c = text[_at++];
                if (c == '\\' && _at < text.Length)
                {
                    ReadEscape(read);
                }
                else if (c == closing && Closes(place))
                {
                    break;
                }
                else
                {
                    read.Append(c);
                }
            }

            return JsonValue.Create(read.ToString());
        }

        /// <summary>Whether what follows a quote is what follows the end of a text; else the quote belongs to the text.</summary>
        private bool Closes(Place place)
        {
            var next = SpaceAfter(_at);
            if (next >= text.Length)
            {
                return true;
            }

            switch (text[next])
            {
                case ':':
                    return place == Place.Key;
                case '}':
                    return place != Place.Element;
                case ']':
                    return place == Place.Element;
                case ',' when place == Place.ObjectValue:
                    return LooksLikeKey(SpaceAfter(next + 1));
                case ',' when place == Place.Element:
                    return LooksLikeValue(SpaceAfter(next + 1));
                default:
                    // A comma was forgotten: the next key or element begins right here.
                    return IsQuote(text[next])
                        && (place == Place.ObjectValue ? LooksLikeKey(next) && text.AsSpan(_at, next - _at).Contains('\n')
                            : place == Place.Element && next > _at);
            }
        }

        private bool LooksLikeKey(int from)
        {
            if (from >= text.Length || text[from] is '}')
            {
                return true;
            }

            var quoted = IsQuote(text[from]);
            var end = from + (quoted ? 1 : 0);
            while (end < text.Length && end - from < 200 && (quoted ? !IsQuote(text[end]) && text[end] != '\n' : char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-'))
            {
                end++;
            }

            end = SpaceAfter(quoted ? end + 1 : end);
            return end < text.Length && text[end] == ':';
        }

        private bool LooksLikeValue(int from) =>
            from >= text.Length || IsQuote(text[from]) || char.IsAsciiDigit(text[from]) || text[from] is '{' or '[' or ']' or '-'
            || text.AsSpan(from).StartsWith("true", StringComparison.OrdinalIgnoreCase)
            || text.AsSpan(from).StartsWith("false", StringComparison.OrdinalIgnoreCase)
            || text.AsSpan(from).StartsWith("null", StringComparison.OrdinalIgnoreCase)
            || text.AsSpan(from).StartsWith("None", StringComparison.Ordinal);

        private void ReadEscape(StringBuilder read)
        {
            var c = text[_at++];
            switch (c)
            {
                case 'n':
                    read.Append('\n');
                    break;
                case 't':
                    read.Append('\t');
                    break;
                case 'r':
                    read.Append('\r');
                    break;
                case 'b':
                    read.Append('\b');
                    break;
                case 'f':
                    read.Append('\f');
                    break;
                case 'u' when _at + 4 <= text.Length
                    && ushort.TryParse(text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                    read.Append((char)unit);
                    _at += 4;
                    break;
                case '"' or '\'' or '\\' or '/':
                    read.Append(c);
                    break;
                default:
                    read.Append('\\').Append(c);
                    break;
            }
        }

        private string ReadKey()
        {
            var start = _at;
            while (_at < text.Length && text[_at] is not (':' or ',' or '}' or '\n'))
            {
                _at++;
            }

            return text[start.._at].Trim().Trim('"', '\'');
        }

        private JsonNode? ReadBare(Place place)
        {
            var start = _at;
            while (_at < text.Length && text[_at] is not (',' or '\n' or '\r' or '}') && !(text[_at] == ']' && place == Place.Element)
                && !(text[_at] == '/' && SpaceAfter(_at) > _at && (_at == start || text[_at - 1] == ' ')))
            {
                _at++;
            }

            var word = text[start.._at].Trim().TrimEnd('"', '\'');
            return TryReadWord(word, out var value) ? value : word;
        }

        private static bool TryReadWord(string word, out JsonNode? value)
        {
            switch (word.ToUpperInvariant())
            {
                case "TRUE":
                    value = true;
                    return true;
                case "FALSE":
                    value = false;
                    return true;
                case "NULL" or "NONE":
                    value = null;
                    return true;
            }

            value = null;
            if (word.Length is 0 or > 400 || !(char.IsAsciiDigit(word[^1]) || word[^1] == '.') || word.AsSpan().ContainsAnyExcept(NumberLetters))
            {
                return false;
            }

            try
            {
                value = JsonNode.Parse(word.TrimStart('+').TrimEnd('.'));
                return true;
            }
            catch (JsonException)
            {
                return false;
            }
        }

        private void SkipSpace() => _at = SpaceAfter(_at);

        private void SkipSeparators()
        {
            do
            {
                SkipSpace();
            }
            while (_at < text.Length && text[_at] is ',' or ';' && ++_at > 0);
        }

        /// <summary>The next place that is neither white nor in a comment.</summary>
        private int SpaceAfter(int from)
        {
            while (from < text.Length)
            {
                if (char.IsWhiteSpace(text[from]) || text[from] == '\uFEFF')
                {
                    from++;
                }
                else if (text[from] == '/' && from + 1 < text.Length && text[from + 1] is '/' or '*')
                {
                    var isLine = text[from + 1] == '/';
                    var end = text.IndexOf(isLine ? "\n" : "*/", from + 2, StringComparison.Ordinal);
                    from = end < 0 ? text.Length : end + (isLine ? 1 : 2);
                }
                else
                {
                    break;
                }
            }

            return from;
        }

        private static bool IsQuote(char c) => c is '"' or '\'' or '“' or '”' or '‘' or '’';
    }
}
