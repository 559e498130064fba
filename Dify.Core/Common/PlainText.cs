using System.Text;

namespace Dify.Core.Common;

/// <summary>Keeps texts from outside storable: PostgreSQL takes no NUL, and UTF-8 no half of a surrogate pair.</summary>
internal static class PlainText
{
    public static string Clean(string text)
    {
        var clean = text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;
        foreach (var letter in clean)
        {
            if (char.IsSurrogate(letter))
            {
                return HasLoneSurrogate(clean) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(clean)) : clean;
            }
        }

        return clean;
    }

    /// <summary>The first line, cut at a word where one ends near the limit.</summary>
    public static string Title(string text, int limit)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        if (end > 0)
        {
            line = line[..end].TrimEnd();
        }

        if (line.Length <= limit)
        {
            return line.ToString();
        }

        var cut = line[..limit];
        var space = cut.LastIndexOf(' ');
        cut = space > limit / 2 ? cut[..space] : cut;
        cut = char.IsHighSurrogate(cut[^1]) ? cut[..^1] : cut;
        return $"{cut}…";
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
