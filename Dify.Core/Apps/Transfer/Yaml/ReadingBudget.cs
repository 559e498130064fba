using Dify.Core.Common;

namespace Dify.Core.Apps.Transfer.Yaml;

/// <summary>
/// How much one file may unfold to. The largest of some hundred real exports has 6,000 values and 20 levels; what is stored
/// has to be read back by a JSON reader that stops at 64 levels.
/// </summary>
internal sealed class ReadingBudget
{
    public const int MostValues = 100_000;
    public const int MostCharacters = 20 * 1024 * 1024;
    public const int MostLevels = 48;

    private int _deepest;

    public Size Spent { get; private set; }

    public void CheckDepth(int depth)
    {
        _deepest = Math.Max(_deepest, depth);
        if (depth > MostLevels)
        {
            throw DifyException.Invalid($"Invalid YAML format: more than {MostLevels} levels inside each other.");
        }
    }

    /// <summary>One more value of so many characters.</summary>
    public void Spend(int characters) => Add(new Size(1, characters, 0));

    /// <summary>A value that was read before stands here once more.</summary>
    public void Repeat(Size size, int depth)
    {
        CheckDepth(depth + size.Levels);
        Add(size);
    }

    /// <summary>What a value took that began at <paramref name="before"/>, which is less than this budget allows.</summary>
    public Size Since(Size before, int depth) =>
        new(Spent.Values - before.Values, Spent.Characters - before.Characters, Math.Max(0, _deepest - depth));

    private void Add(Size size)
    {
        Spent = new Size(Spent.Values + size.Values, Spent.Characters + size.Characters, 0);
        if (Spent.Values > MostValues || Spent.Characters > MostCharacters)
        {
            throw DifyException.Invalid(
                $"Invalid YAML format: the file unfolds to more than {MostValues} values or {MostCharacters} characters.");
        }
    }

    /// <param name="Values">Scalars, lists and objects.</param>
    /// <param name="Characters">Of all scalars.</param>
    /// <param name="Levels">Below the value itself; at least that many.</param>
    internal readonly record struct Size(int Values, long Characters, int Levels);
}
