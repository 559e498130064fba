using Dify.Core.Common;

namespace Dify.Core.Knowledge.Chunking;

/// <summary>
/// Cuts a text as Dify does. <c>custom</c>: at every separator, which is removed; a piece that is too long is cut on at
/// ever finer places. <c>automatic</c>: only by length, at the coarsest place that the length allows (paragraph, line,
/// sentence, word, character). Where length cuts, the end of one chunk is repeated at the start of the next.
/// </summary>
internal static class TextChunker
{
    /// <summary>Chunks of one document: a separator that is found everywhere must not flood the store.</summary>
    private const int MaxChunks = 100_000;

    private static readonly string[] Places = ["\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "；", "; ", "，", ", ", " "];

    public static IReadOnlyList<string> Cut(string text, ProcessRule rule)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(rule);
        var cutter = new Cutter(text, rule.MaxLength, Math.Min(rule.Overlap, rule.MaxLength / 2));
        var separator = Decode(rule.Separator);
        if (rule.Mode == "automatic" || separator.Length == 0)
        {
            cutter.Add(0, text.Length);
            return cutter.Chunks;
        }

        var start = 0;
        while (start <= text.Length)
        {
            var end = text.IndexOf(separator, start, StringComparison.Ordinal);
            end = end < 0 ? text.Length : end;
            cutter.Add(start, end);
            start = end + separator.Length;
        }

        return cutter.Chunks;
    }

    /// <summary>Backslash escapes as people type them: <c>\n</c>, <c>\t</c>, <c>\r</c>, <c>\\</c>.</summary>
    public static string Decode(string separator)
    {
        if (!separator.Contains('\\', StringComparison.Ordinal))
        {
            return separator;
        }

        var decoded = new System.Text.StringBuilder(separator.Length);
        for (var i = 0; i < separator.Length; i++)
        {
            var next = separator[i] == '\\' && i + 1 < separator.Length ? separator[i + 1] : '\0';
            char? plain = next switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '\\' => '\\', _ => null };
            decoded.Append(plain ?? separator[i]);
            i += plain is null ? 0 : 1;
        }

        return decoded.ToString();
    }

    private sealed class Cutter(string text, int maxLength, int overlap)
    {
        private readonly List<string> _chunks = [];

        public IReadOnlyList<string> Chunks => _chunks;

        /// <summary>Adds the range, in as many chunks as its length needs.</summary>
        public void Add(int start, int end)
        {
            Trim(ref start, ref end);
            while (end - start > maxLength)
            {
                var cut = CutBefore(start, start + maxLength);
                Keep(start, cut);
                var next = overlap > 0 ? Repeat(start, cut) : cut;
                var rest = end;
                Trim(ref next, ref rest);
                start = next;
            }

            Keep(start, end);
        }

        private void Keep(int start, int end)
        {
            Trim(ref start, ref end);
            if (end <= start)
            {
                return;
            }

            if (_chunks.Count == MaxChunks)
            {
                throw DifyException.Invalid(
                    $"The rule cuts the document into more than {MaxChunks} segments. Choose another delimiter or a greater length.");
            }

            _chunks.Add(text[start..end]);
        }

        /// <summary>The end of a chunk: after the last of the coarsest places beyond a third of the length.</summary>
        private int CutBefore(int start, int limit)
        {
            var least = start + (maxLength / 3);
            foreach (var place in Places)
            {
                var found = text.LastIndexOf(place, limit - 1, limit - least, StringComparison.Ordinal);
                if (found >= least)
                {
                    return Math.Min(found + place.Length, limit);
                }
            }

            return Whole(limit, start + 1);
        }

        /// <summary>Where the next chunk starts so that it repeats the end of this one from the start of a word.</summary>
        private int Repeat(int start, int cut)
        {
            var from = Math.Max(start + 1, cut - overlap);
            for (var i = from; i < cut; i++)
            {
                if (char.IsWhiteSpace(text[i - 1]))
                {
                    return i;
                }
            }

            // No space at all: Chinese and the like may be taken up at any character; a long word is not repeated in part.
            return text.AsSpan(from, cut - from).ContainsAnyExceptInRange('\0', '\u02FF') ? Whole(from, start + 1) : cut;
        }

        /// <summary>Never between the two halves of one character, nor before a mark that belongs to the one before.</summary>
        private int Whole(int index, int least)
        {
            while (index > least && (char.IsLowSurrogate(text[index])
                || char.GetUnicodeCategory(text, index) is System.Globalization.UnicodeCategory.NonSpacingMark
                    or System.Globalization.UnicodeCategory.EnclosingMark
                || text[index] is '\u200D' || text[index - 1] is '\u200D'))
            {
                index--;
            }

            return char.IsLowSurrogate(text[index]) ? index + 1 : index;
        }

        private void Trim(ref int start, ref int end)
        {
            while (start < end && char.IsWhiteSpace(text[start]))
            {
                start++;
            }

            while (end > start && char.IsWhiteSpace(text[end - 1]))
            {
                end--;
            }
        }
    }
}
