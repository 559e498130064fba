using System.Globalization;

namespace Dify.Core.Knowledge.Indexing.Analysis;

/// <summary>Receives one term; the span is valid during the call only.</summary>
internal delegate void TermHandler(ReadOnlySpan<char> term);

/// <summary>
/// Cuts text into search terms, the same way for segments and for questions. English: lower case, no stop words,
/// Porter stems. Chinese, Japanese, Korean: single characters and pairs of neighbours, so that no dictionary is needed.
/// Numbers and identifiers (<c>gpt-4o</c>, <c>10.0.15</c>, <c>ERR_RESET</c>, <c>ProcessRule</c>) are kept whole beside
/// their parts.
/// </summary>
internal static class TextAnalyzer
{
    /// <summary>Longer runs are data (base64, hashes), not words; they are cut here.</summary>
    private const int LongestWord = 64;

    public static void Analyze(string text, TermHandler handler)
    {
        var folded = TextFolding.Fold(text);
        var position = 0;
        while (position < folded.Length)
        {
            var character = folded[position];
            if (IsIdeographic(folded, position))
            {
                position = Ideographs(folded, position, handler);
            }
            else if (IsWordCharacter(folded, position))
            {
                position = Compound(folded, position, handler);
            }
            else
            {
                position += char.IsSurrogatePair(folded, position) ? 2 : 1;
            }
        }
    }

    private static int Ideographs(string text, int start, TermHandler handler)
    {
        var position = start;
        var previous = -1;
        while (position < text.Length && IsIdeographic(text, position))
        {
            var length = char.IsSurrogatePair(text, position) ? 2 : 1;
            handler(text.AsSpan(position, length));
            if (previous >= 0)
            {
                handler(text.AsSpan(previous, position + length - previous));
            }

            previous = position;
            position += length;
        }

        return position;
    }

    /// <summary>Words joined by <c>- _ . / : @</c> without a space; the whole is a term too if it names a thing.</summary>
    private static int Compound(string text, int start, TermHandler handler)
    {
        var position = start;
        var parts = 0;
        var identifier = false;
        while (true)
        {
            var word = position;
            while (position < text.Length && !IsIdeographic(text, position) && IsWordCharacter(text, position))
            {
                position += char.IsSurrogatePair(text, position) ? 2 : 1;
            }

            identifier |= Word(text.AsSpan(word, position - word), handler);
            parts++;
            if (position + 1 >= text.Length || text[position] is not ('-' or '_' or '.' or '/' or ':' or '@')
                || IsIdeographic(text, position + 1) || !IsWordCharacter(text, position + 1))
            {
                break;
            }

            identifier |= text[position] is '_' or '@';
            position++;
        }

        if (parts > 1 && identifier && position - start <= LongestWord)
        {
            Span<char> whole = stackalloc char[LongestWord];
            handler(whole[..text.AsSpan(start, position - start).ToLowerInvariant(whole)]);
        }

        return position;
    }

    /// <summary>Returns whether the word holds a digit, which makes a compound an identifier.</summary>
    private static bool Word(ReadOnlySpan<char> word, TermHandler handler)
    {
        var digits = word.ContainsAnyInRange('0', '9');
        for (var start = 0; start < word.Length; start += LongestWord)
        {
            Term(word.Slice(start, Math.Min(LongestWord, word.Length - start)), handler);
        }

        var humps = 0;
        var from = 0;
        for (var i = 1; i < word.Length; i++)
        {
            if (char.IsAsciiLetterUpper(word[i]) && char.IsAsciiLetterLower(word[i - 1]))
            {
                Term(word[from..Math.Min(i, from + LongestWord)], handler);
                from = i;
                humps++;
            }
        }

        if (humps > 0)
        {
            Term(word[from..Math.Min(word.Length, from + LongestWord)], handler);
        }

        return digits;
    }

    private static void Term(ReadOnlySpan<char> word, TermHandler handler)
    {
        Span<char> buffer = stackalloc char[LongestWord];
        var length = word.ToLowerInvariant(buffer);
        var lower = buffer[..length];
        if (lower.ContainsAnyExceptInRange('a', 'z'))
        {
            handler(lower);
        }
        else if (!StopWords.Contains(lower))
        {
            handler(lower[..PorterStemmer.Stem(lower)]);
        }
    }

    private static bool IsWordCharacter(string text, int index)
    {
        var character = text[index];
        if (char.IsAscii(character))
        {
            return char.IsAsciiLetterOrDigit(character);
        }

        return CharUnicodeInfo.GetUnicodeCategory(text, index) is UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
    }

    /// <summary>Scripts written without spaces between words, and Hangul, whose particles cling to words.</summary>
    private static bool IsIdeographic(string text, int index) => text[index] switch
    {
        < '\u0E00' => false,
        >= '\u0E00' and <= '\u0EFF' => CharUnicodeInfo.GetUnicodeCategory(text, index) is UnicodeCategory.OtherLetter,
        >= '\u3040' and <= '\u30FF' => text[index] is not ('\u30FB' or '\u30A0'),
        >= '\u3400' and <= '\u4DBF' => true,
        >= '\u4E00' and <= '\u9FFF' => true,
        >= '\uAC00' and <= '\uD7AF' => true,
        >= '\uF900' and <= '\uFAFF' => true,
        >= '\uD840' and <= '\uD888' => char.IsSurrogatePair(text, index),
        '\u3005' or '\u3007' => true,
        _ => false,
    };
}
