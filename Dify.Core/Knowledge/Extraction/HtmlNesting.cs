using System.Collections.Frozen;
using Dify.Core.Common;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>
/// Refuses pages whose elements nest without end before they reach the parser, whose work grows with the square of the
/// depth. Only elements count whose end tag may not be left out.
/// </summary>
internal static class HtmlNesting
{
    private const int MaxDepth = 1_500;
    private const int LongestName = 10;

    private static readonly FrozenSet<string> Counted = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "a", "abbr", "article", "aside", "b", "big", "blockquote", "button", "center", "code", "del", "details", "div", "dl", "em",
        "fieldset", "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "i", "ins", "label", "main",
        "nav", "nobr", "ol", "pre", "q", "s", "section", "small", "span", "strike", "strong", "sub", "sup", "svg", "table", "tt", "u", "ul");

    /// <exception cref="DifyException"><c>invalid_param</c>.</exception>
    public static void Check(ReadOnlySpan<char> html)
    {
        var counted = Counted.GetAlternateLookup<ReadOnlySpan<char>>();
        var depth = 0;
        while (html.IndexOf('<') is >= 0 and var tag)
        {
            html = html[(tag + 1)..];
            var closing = html.Length > 0 && html[0] == '/';
            var name = closing ? html[1..] : html;
            var length = 0;
            while (length < name.Length && length <= LongestName && char.IsAsciiLetterOrDigit(name[length]))
            {
                length++;
            }

            if (length > 0 && counted.Contains(name[..length]))
            {
                depth = closing ? Math.Max(0, depth - 1) : depth + 1;
            }

            if (depth > MaxDepth)
            {
                throw DifyException.Invalid("The page's elements are nested too deeply to be read. Save its text and upload that.");
            }
        }
    }
}
