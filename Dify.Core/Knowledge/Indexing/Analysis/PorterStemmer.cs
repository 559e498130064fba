namespace Dify.Core.Knowledge.Indexing.Analysis;

/// <summary>
/// M. F. Porter's suffix stripping algorithm (1980) for English words in lower-case a to z. Works in place: a stem is
/// never longer than its word.
/// </summary>
internal static class PorterStemmer
{
    private static readonly (string Suffix, string Replacement)[] Step2 =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
        ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
        ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
        ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
    ];

    private static readonly (string Suffix, string Replacement)[] Step3 =
    [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
    ];

    private static readonly string[] Step4 =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate",
        "iti", "ous", "ive", "ize",
    ];

    /// <summary>Stems <paramref name="word"/> in place and returns the length of the stem.</summary>
    public static int Stem(Span<char> word)
    {
        var length = word.Length;
        if (length <= 2)
        {
            return length;
        }

        length = Plurals(word, length);
        length = PastAndProgressive(word, length);
        if (word[length - 1] == 'y' && HasVowel(word[..(length - 1)]))
        {
            word[length - 1] = 'i';
        }

        length = Replace(word, length, Step2);
        length = Replace(word, length, Step3);
        length = LongSuffix(word, length);
        return FinalLetters(word, length);
    }

    private static int Plurals(Span<char> word, int length)
    {
        var text = word[..length];
        if (text.EndsWith("sses") || text.EndsWith("ies"))
        {
            return length - 2;
        }

        return text[^1] == 's' && text[^2] != 's' ? length - 1 : length;
    }

    private static int PastAndProgressive(Span<char> word, int length)
    {
        var text = word[..length];
        if (text.EndsWith("eed"))
        {
            return Measure(text[..^3]) > 0 ? length - 1 : length;
        }

        var stem = text.EndsWith("ed") ? length - 2 : text.EndsWith("ing") ? length - 3 : -1;
        if (stem < 0 || !HasVowel(word[..stem]))
        {
            return length;
        }

        text = word[..stem];
        if (text.EndsWith("at") || text.EndsWith("bl") || text.EndsWith("iz"))
        {
            word[stem] = 'e';
            return stem + 1;
        }

        if (EndsWithDoubleConsonant(text))
        {
            return text[^1] is 'l' or 's' or 'z' ? stem : stem - 1;
        }

        if (Measure(text) == 1 && EndsShort(text))
        {
            word[stem] = 'e';
            return stem + 1;
        }

        return stem;
    }

    private static int Replace(Span<char> word, int length, (string Suffix, string Replacement)[] rules)
    {
        var text = word[..length];
        var best = -1;
        for (var i = 0; i < rules.Length; i++)
        {
            if (text.EndsWith(rules[i].Suffix) && (best < 0 || rules[i].Suffix.Length > rules[best].Suffix.Length))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            return length;
        }

        var stem = length - rules[best].Suffix.Length;
        if (Measure(word[..stem]) == 0)
        {
            return length;
        }

        rules[best].Replacement.CopyTo(word[stem..]);
        return stem + rules[best].Replacement.Length;
    }

    private static int LongSuffix(Span<char> word, int length)
    {
        var text = word[..length];
        var suffix = "";
        foreach (var candidate in Step4)
        {
            if (candidate.Length > suffix.Length && text.EndsWith(candidate))
            {
                suffix = candidate;
            }
        }

        var stem = length - suffix.Length;
        if (suffix.Length == 0 || Measure(word[..stem]) <= 1)
        {
            return length;
        }

        return suffix != "ion" || word[stem - 1] is 's' or 't' ? stem : length;
    }

    private static int FinalLetters(Span<char> word, int length)
    {
        if (word[length - 1] == 'e')
        {
            var stem = word[..(length - 1)];
            var measure = Measure(stem);
            if (measure > 1 || (measure == 1 && !EndsShort(stem)))
            {
                length--;
            }
        }

        var text = word[..length];
        return text[^1] == 'l' && EndsWithDoubleConsonant(text) && Measure(text) > 1 ? length - 1 : length;
    }

    private static bool IsConsonant(ReadOnlySpan<char> word, int index) => word[index] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => index == 0 || !IsConsonant(word, index - 1),
        _ => true,
    };

    private static bool HasVowel(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (!IsConsonant(word, i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How often a vowel run is followed by a consonant run.</summary>
    private static int Measure(ReadOnlySpan<char> word)
    {
        var measure = 0;
        var afterVowel = false;
        for (var i = 0; i < word.Length; i++)
        {
            var consonant = IsConsonant(word, i);
            if (consonant && afterVowel)
            {
                measure++;
            }

            afterVowel = !consonant;
        }

        return measure;
    }

    private static bool EndsWithDoubleConsonant(ReadOnlySpan<char> word) =>
        word.Length >= 2 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    /// <summary>Consonant, vowel, consonant at the end, the last not w, x or y.</summary>
    private static bool EndsShort(ReadOnlySpan<char> word) =>
        word.Length >= 3 && word[^1] is not ('w' or 'x' or 'y')
        && IsConsonant(word, word.Length - 1) && !IsConsonant(word, word.Length - 2) && IsConsonant(word, word.Length - 3);
}
