using System.Text;

namespace Dify.Core.Models.Providers.Builtin;

/// <summary>Cuts English and Chinese text into sentences that can be quoted.</summary>
internal static class SentenceReader
{
    private const int LongestSentence = 600;

    private static readonly string[] Abbreviations =
        ["e.g", "i.e", "etc", "fig", "figs", "eq", "sec", "vs", "dr", "mr", "mrs", "ms", "prof", "al", "no", "vol", "pp", "cf", "approx"];

    public static IReadOnlyList<string> Read(string text)
    {
        var sentences = new List<string>();
        var current = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                continue;
            }

            if (c == '\n')
            {
                if (IsParagraphEnd(text, i, current))
                {
                    Flush(sentences, current);
                }
                else
                {
                    AppendSpace(current);
                }

                continue;
            }

            if (char.IsWhiteSpace(c))
            {
                AppendSpace(current);
                continue;
            }

            current.Append(c);
            if (IsSentenceEnd(text, i, current) || current.Length >= LongestSentence)
            {
                Flush(sentences, current);
            }
        }

        Flush(sentences, current);
        return sentences;
    }

    private static void Flush(List<string> sentences, StringBuilder current)
    {
        var sentence = current.ToString().Trim().TrimStart('#', '*', '-', '>', '•', ' ');
        current.Clear();
        if (sentence.Any(char.IsLetterOrDigit))
        {
            sentences.Add(sentence);
        }
    }

    private static void AppendSpace(StringBuilder current)
    {
        if (current.Length > 0 && current[^1] != ' ' && !TermReader.IsCjk(current[^1]))
        {
            current.Append(' ');
        }
    }

    /// <summary>A line break ends a paragraph before an empty line, a list item or heading, and after a short line.</summary>
    private static bool IsParagraphEnd(string text, int at, StringBuilder current)
    {
        var next = at + 1;
        while (next < text.Length && text[next] is ' ' or '\t' or '\r')
        {
            next++;
        }

        return next >= text.Length
            || text[next] is '\n' or '#' or '*' or '-' or '•' or '|'
            || (current.Length > 0 && current[^1] is ':' or '：')
            || (current.Length < 30 && char.IsUpper(text[next]));
    }

    private static bool IsSentenceEnd(string text, int at, StringBuilder current)
    {
        var c = text[at];
        if (c is '。' or '！' or '？' or '；')
        {
            return at + 1 >= text.Length || text[at + 1] is not ('”' or '」' or '』' or '）');
        }

        if (c is '”' or '」' or '』' or '）')
        {
            return at > 0 && text[at - 1] is '。' or '！' or '？';
        }

        if (c is not ('.' or '!' or '?') || at + 1 >= text.Length || !char.IsWhiteSpace(text[at + 1]))
        {
            return false;
        }

        var next = at + 1;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
        {
            next++;
        }

        return next >= text.Length || (!char.IsLower(text[next]) && !EndsWithAbbreviation(current));
    }

    private static bool EndsWithAbbreviation(StringBuilder current)
    {
        var start = current.Length - 1;
        while (start > 0 && !char.IsWhiteSpace(current[start - 1]))
        {
            start--;
        }

        var last = current.ToString(start, current.Length - start).Trim('(', '.', '"').ToLowerInvariant();
        return Abbreviations.Contains(last) || (last.Length == 1 && char.IsLetter(last[0]));
    }
}
