using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dify.Core.Knowledge.Chunking;

namespace Dify.Core.Knowledge.Cleaning;

/// <summary>Dify's cleaning rules, and what no store or model can take: control characters and broken Unicode.</summary>
internal static class TextCleaner
{
    // The non-backtracking engine: the text is hostile and long.
    private static readonly Regex Links = new(
        """https?://[^\s<>"']{1,2000}|[A-Za-z0-9_.+\-]{1,64}@[A-Za-z0-9\-]{1,63}(\.[A-Za-z0-9\-]{1,63}){1,8}""",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public static string Clean(string text, ProcessRule rule)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(rule);
        text = Repair(text);
        if (rule.RemoveUrlsEmails)
        {
            text = Links.Replace(text, "");
        }

        return rule.RemoveExtraSpaces ? CollapseSpaces(text) : text;
    }

    /// <summary>Line ends become <c>\n</c>; control characters, byte-order marks and lone surrogates go.</summary>
    public static string Repair(string text)
    {
        var builder = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                builder.Append('\n');
                i += i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
            }
            else if (char.IsSurrogate(c))
            {
                if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                {
                    builder.Append(c).Append(text[++i]);
                }
            }
            else if (c is '\u2028' or '\u2029' or '\u0085' or '\v')
            {
                builder.Append('\n');
            }
            else if (c is '\n' or '\t' or '\f' || (!char.IsControl(c) && c is not ('\uFEFF' or '\uFFFE' or '\uFFFF' or '\uFFFD')))
            {
                builder.Append(c);
            }
        }

        return builder.ToString();
    }

    /// <summary>Three or more line ends become two; runs of spaces, tabs and special spaces become one space.</summary>
    private static string CollapseSpaces(string text)
    {
        var builder = new StringBuilder(text.Length);
        var newlines = 0;
        var space = false;
        foreach (var c in text)
        {
            if (c == '\n')
            {
                newlines++;
                space = false;
                if (newlines <= 2)
                {
                    builder.Append('\n');
                }
            }
            else if (c is ' ' or '\t' or '\f' or '\u180E' || char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator)
            {
                space = true;
            }
            else
            {
                if (space && builder.Length > 0)
                {
                    builder.Append(' ');
                }

                space = false;
                newlines = 0;
                builder.Append(c);
            }
        }

        return builder.ToString();
    }
}
