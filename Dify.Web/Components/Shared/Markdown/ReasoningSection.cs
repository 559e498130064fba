namespace Dify.Web.Components.Shared.Markdown;

/// <param name="Start">Where the section begins in the whole text, tag included.</param>
/// <param name="Text">Without the tags.</param>
/// <param name="IsOpen">The closing tag has not come (yet).</param>
internal readonly record struct ReasoningSection(int Start, string Text, bool IsReasoning, bool IsOpen);

/// <summary>
/// Tells a model's <c>&lt;think&gt;…&lt;/think&gt;</c> from its answer. The tag counts at the start of a line outside of
/// fenced code.
/// </summary>
internal static class ReasoningSections
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    public static IEnumerable<ReasoningSection> Split(string markdown)
    {
        var start = 0;
        while (start < markdown.Length)
        {
            var open = FindOpening(markdown, start);
            if (open < 0)
            {
                yield return new ReasoningSection(start, markdown[start..], IsReasoning: false, IsOpen: false);
                yield break;
            }

            if (open > start)
            {
                yield return new ReasoningSection(start, markdown[start..open], IsReasoning: false, IsOpen: false);
            }

            var inner = open + Open.Length;
            var close = markdown.IndexOf(Close, inner, StringComparison.OrdinalIgnoreCase);
            yield return new ReasoningSection(
                open, markdown[inner..(close < 0 ? markdown.Length : close)].Trim(), IsReasoning: true, IsOpen: close < 0);
            start = close < 0 ? markdown.Length : close + Close.Length;
        }
    }

    private static int FindOpening(string markdown, int start)
    {
        if (markdown.IndexOf(Open, start, StringComparison.OrdinalIgnoreCase) < 0)
        {
            return -1;
        }

        ReadOnlySpan<char> fence = [];
        for (var line = start; line < markdown.Length;)
        {
            var end = markdown.IndexOf('\n', line);
            end = end < 0 ? markdown.Length : end;
            var content = markdown.AsSpan(line, end - line);
            var trimmed = content.TrimStart();
            if (fence.IsEmpty && trimmed.StartsWith(Open, StringComparison.OrdinalIgnoreCase))
            {
                return line + (content.Length - trimmed.Length);
            }

            var marks = FenceOf(trimmed);
            if (fence.IsEmpty)
            {
                fence = marks;
            }
            else if (marks.Length >= fence.Length && marks[0] == fence[0] && trimmed[marks.Length..].IsWhiteSpace())
            {
                fence = [];
            }

            line = end + 1;
        }

        return -1;
    }

    private static ReadOnlySpan<char> FenceOf(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty || line[0] is not ('`' or '~'))
        {
            return [];
        }

        var length = line.IndexOfAnyExcept(line[0]);
        length = length < 0 ? line.Length : length;
        return length >= 3 ? line[..length] : [];
    }
}
