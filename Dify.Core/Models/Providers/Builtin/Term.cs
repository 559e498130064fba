namespace Dify.Core.Models.Providers.Builtin;

/// <summary>A hashed piece of text; <see cref="Kind"/> sits in the lowest bits, so that sorting hashes keeps it.</summary>
internal readonly record struct Term(ulong Hash)
{
    public const ulong KindMask = 3;

    public TermKind Kind => (TermKind)(Hash & KindMask);

    public static Term Create(ulong hash, TermKind kind) => new((hash & ~KindMask) | (ulong)kind);
}

internal enum TermKind
{
    /// <summary>The stem of a word, or a pair of Chinese characters.</summary>
    Word,

    /// <summary>A word that stands in every text, or a single Chinese character.</summary>
    Weak,

    /// <summary>Four letters within a word: near spellings meet here.</summary>
    Gram,
}
