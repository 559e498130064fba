using System.Collections.Frozen;

namespace Dify.Core.Models.Providers.Builtin;

/// <summary>Splits English and Chinese text into hashed terms without making strings.</summary>
internal static class TermReader
{
    private const int LongestWord = 48;
    private const int GramLength = 4;
    private const ulong Seed = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private static readonly FrozenSet<ulong> WeakWords = (
        "a about all also an and any are as at be been but by can could did do does for from had has have how i if in into is it its "
        + "me more most my no not of on or our so some such than that the their them then there these they this those to was we were "
        + "what when where which who why will with would you your tell please give show much many let us")
        .Split(' ').Select(word => Hash(word)).ToFrozenSet();

    private static readonly FrozenSet<char> WeakCharacters = "的了是在和与及或也都就着过吗呢吧啊什么怎样哪个请问这那有为我你他它们".ToFrozenSet();

    /// <param name="grams">Whether pieces of words are wanted, for likeness, or whole words only, for finding.</param>
    public static void Read(ReadOnlySpan<char> text, bool grams, List<Term> terms)
    {
        Span<char> word = stackalloc char[LongestWord];
        var length = 0;
        var previous = '\0';
        foreach (var raw in text)
        {
            if (IsCjk(raw))
            {
                AddWord(word[..length], grams, terms);
                length = 0;
                AddCjk(previous, raw, terms);
                previous = raw;
                continue;
            }

            previous = '\0';
            if (char.IsLetterOrDigit(raw))
            {
                if (length < LongestWord)
                {
                    word[length++] = char.ToLowerInvariant(raw);
                }
            }
            else if (raw is not ('\'' or '’') || length == 0)
            {
                AddWord(word[..length], grams, terms);
                length = 0;
            }
        }

        AddWord(word[..length], grams, terms);
    }

    public static bool IsCjk(char c) => c is >= '\u3400' and <= '\u9fff' or >= '\uf900' and <= '\ufaff' or >= '\u3040' and <= '\u30ff' or >= '\uac00' and <= '\ud7af';

    private static void AddCjk(char previous, char current, List<Term> terms)
    {
        var weak = WeakCharacters.Contains(current);
        terms.Add(Term.Create(Mix((Seed ^ current) * Prime), TermKind.Weak));
        if (previous != '\0' && !(weak && WeakCharacters.Contains(previous)))
        {
            terms.Add(Term.Create(Mix((((Seed ^ previous) * Prime) ^ current) * Prime), TermKind.Word));
        }
    }

    private static void AddWord(ReadOnlySpan<char> word, bool grams, List<Term> terms)
    {
        if (word.Length == 0)
        {
            return;
        }

        var whole = Hash(word);
        if (WeakWords.Contains(whole) || (word.Length == 1 && !char.IsDigit(word[0])))
        {
            terms.Add(Term.Create(whole, TermKind.Weak));
            return;
        }

        var stem = Stem(word);
        terms.Add(Term.Create(Hash(stem), TermKind.Word));
        if (!grams || stem.Length <= GramLength)
        {
            return;
        }

        for (var i = 0; i + GramLength <= stem.Length; i++)
        {
            terms.Add(Term.Create(Hash(stem.Slice(i, GramLength)), TermKind.Gram));
        }
    }

    /// <summary>Takes the commonest English endings off; the same cut on both sides is what counts, not the right root.</summary>
    private static ReadOnlySpan<char> Stem(ReadOnlySpan<char> word)
    {
        if (word.Length < 4 || !char.IsAsciiLetter(word[^1]))
        {
            return word;
        }

        if (word.EndsWith("ies"))
        {
            word = word[..^2];
        }
        else if (word.EndsWith("sses") || (word.EndsWith("es") && word[^3] is 'x' or 'h' or 'z'))
        {
            word = word[..^2];
        }
        else if (word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i'))
        {
            word = word[..^1];
        }

        word = word.Length > 6 && word.EndsWith("ing") ? Single(word[..^3])
            : word.Length > 5 && word.EndsWith("ed") ? Single(word[..^2])
            : word.Length > 5 && word.EndsWith("ly") ? word[..^2]
            : word;
        return word.Length > 4 && word[^1] is 'e' or 'y' or 'i' ? word[..^1] : word;
    }

    /// <summary>stopped → stop, planning → plan.</summary>
    private static ReadOnlySpan<char> Single(ReadOnlySpan<char> word) =>
        word.Length > 3 && word[^1] == word[^2] && word[^1] is not ('l' or 's' or 'z') ? word[..^1] : word;

    private static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = Seed;
        foreach (var c in text)
        {
            hash = (hash ^ c) * Prime;
        }

        return Mix(hash);
    }

    private static ulong Hash(string text) => Hash(text.AsSpan());

    private static ulong Mix(ulong hash)
    {
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }
}
