using System.Text;

namespace Dify.Core.Knowledge.Indexing.Analysis;

/// <summary>Brings spellings of the same text together: full and half width, composed and decomposed, accents.</summary>
internal static class TextFolding
{
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var decomposed = WithoutLoneSurrogates(text).Normalize(NormalizationForm.FormKD);
        var folded = new StringBuilder(decomposed.Length);
        foreach (var character in decomposed)
        {
            // Accents of Latin, Greek and Cyrillic only: marks of other scripts tell words apart.
            if (character is not (>= '\u0300' and <= '\u036F'))
            {
                folded.Append(character);
            }
        }

        // Composes Hangul and kana again, which decomposition took apart.
        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    private static string WithoutLoneSurrogates(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
                continue;
            }

            return string.Concat(text.EnumerateRunes());
        }

        return text;
    }
}
