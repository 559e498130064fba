using System.Text;

namespace Dify.Tests.Benchmarks;

/// <summary>
/// Text with the shape of real prose: a vocabulary whose words occur as Zipf's law has it. The same for the same seed.
/// </summary>
internal sealed class SampleText(ulong seed)
{
    private const int Vocabulary = 30_000;
    private ulong state = seed * 2 + 1;

    public string Words(int count)
    {
        var text = new StringBuilder(count * 8);
        for (var i = 1; i <= count; i++)
        {
            Word(text, (int)Math.Pow(Vocabulary, NextUnit()) - 1);
            text.Append(i % 120 == 0 ? ".\n\n" : i % 14 == 0 ? ". " : " ");
        }

        return text.ToString();
    }

    public float[] Vector(int dimension)
    {
        var vector = new float[dimension];
        for (var i = 0; i < dimension; i++)
        {
            vector[i] = (float)(NextUnit() + NextUnit() + NextUnit() - 1.5);
        }

        return vector;
    }

    private static void Word(StringBuilder text, int rank)
    {
        const string consonants = "bcdfghklmnprstvw";
        const string vowels = "aeiou";
        for (var rest = rank + 1; rest > 0; rest /= 80)
        {
            text.Append(consonants[rest % 16]).Append(vowels[rest / 16 % 5]);
        }

        text.Append('x');
    }

    /// <summary>xorshift64*: repeatable on every run and machine.</summary>
    private double NextUnit()
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return (state * 2685821657736338717UL >> 11) / (double)(1UL << 53);
    }
}
