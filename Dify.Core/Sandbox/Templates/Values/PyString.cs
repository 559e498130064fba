using System.Buffers;
using System.Text;

namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>Texts as Python sees them: a character is a code point, not a UTF-16 unit.</summary>
internal static class PyString
{
    private static readonly SearchValues<char> Growing = SearchValues.Create("ßŉǰﬁﬂﬀﬃﬄ");

    public static bool HasPairs(string text)
    {
        foreach (var c in text)
        {
            if (char.IsSurrogate(c))
            {
                return true;
            }
        }

        return false;
    }

    public static int Length(string text) => HasPairs(text) ? Characters(text).Count : text.Length;

    public static List<string> Characters(string text)
    {
        var characters = new List<string>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                characters.Add(text.Substring(i++, 2));
            }
            else
            {
                characters.Add(text[i].ToString());
            }
        }

        return characters;
    }

    public static int CompareCodePoints(string a, string b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (a[i] != b[i])
            {
                // Surrogates stand for code points above all others.
                return char.IsSurrogate(a[i]) == char.IsSurrogate(b[i]) ? a[i].CompareTo(b[i]) : char.IsSurrogate(a[i]) ? 1 : -1;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    /// <summary>What Python takes for white space.</summary>
    public static bool IsSpace(char c) => c is ' ' or (>= '\t' and <= '\r') or (>= '\x1c' and <= '\x1f') or '\x85' or '\xa0' || (c > 0xff && char.IsWhiteSpace(c));

    public static string Trim(string text, string? characters, bool start, bool end)
    {
        var (from, to) = (0, text.Length);
        while (start && from < to && IsIn(text[from], characters))
        {
            from++;
        }

        while (end && to > from && IsIn(text[to - 1], characters))
        {
            to--;
        }

        return text[from..to];
    }

    public static string Lower(string text) => text.ToLowerInvariant().Replace("İ", "i\u0307", StringComparison.Ordinal);

    /// <summary>A first letter: four letters are pairs, of which only the first becomes large.</summary>
    public static string TitleCase(string letter) => letter switch { "ǆ" or "Ǆ" => "ǅ", "ǉ" or "Ǉ" => "ǈ", "ǌ" or "Ǌ" => "ǋ", "ǳ" or "Ǳ" => "ǲ", _ => Upper(letter) };

    /// <summary>Upper case; the few letters that become two are handled as Python does.</summary>
    public static string Upper(string text)
    {
        var upper = text.ToUpperInvariant();
        if (!text.AsSpan().ContainsAny(Growing))
        {
            return upper;
        }

        return new StringBuilder(upper).Replace("ß", "SS").Replace("ŉ", "ʼN").Replace("ǰ", "J̌").Replace("ﬁ", "FI").Replace("ﬂ", "FL")
            .Replace("ﬀ", "FF").Replace("ﬃ", "FFI").Replace("ﬄ", "FFL").ToString();
    }

    private static bool IsIn(char c, string? characters) => characters is null ? IsSpace(c) : characters.Contains(c, StringComparison.Ordinal);
}
