using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Dify.Core.Models.Providers.Builtin;

/// <summary>
/// A vector from the words of a text: each term goes to one of the places with a sign, both by its hash, weighted by how
/// often it occurs (1 + ln n). Texts that share words, stems or pieces of words point the same way.
/// </summary>
internal static class LexicalEmbedding
{
    public const int Dimensions = 512;

    private static readonly float[] KindWeights = [1f, 0.12f, 0.18f];

    public static float[] Embed(string text, List<Term> scratch)
    {
        scratch.Clear();
        TermReader.Read(text, grams: true, scratch);
        var vector = new float[Dimensions];
        var terms = MemoryMarshal.Cast<Term, ulong>(CollectionsMarshal.AsSpan(scratch));
        terms.Sort();
        for (var start = 0; start < terms.Length;)
        {
            var end = start + 1;
            while (end < terms.Length && terms[end] == terms[start])
            {
                end++;
            }

            Add(vector, new Term(terms[start]), end - start);
            start = end;
        }

        Normalise(vector);
        return vector;
    }

    private static void Add(float[] vector, Term term, int count)
    {
        var weight = KindWeights[(int)term.Kind] * (count == 1 ? 1f : 1f + MathF.Log(count));
        var place = (int)((term.Hash >> 8) % Dimensions);
        vector[place] += (term.Hash >> 60 & 1) == 0 ? weight : -weight;
    }

    private static void Normalise(float[] vector)
    {
        var length = TensorPrimitives.Norm<float>(vector);
        if (length == 0)
        {
            // A text without a single word still needs a direction: no search divides by zero then.
            vector[0] = 1;
            return;
        }

        TensorPrimitives.Divide(vector, length, vector);
    }
}
