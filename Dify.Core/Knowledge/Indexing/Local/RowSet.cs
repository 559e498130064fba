namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>An immutable set of row numbers, one bit each.</summary>
internal sealed class RowSet(ulong[] bits)
{
    public static RowSet Empty { get; } = new([]);

    public bool Contains(int row) => (bits[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>A copy with some rows added and some taken away, large enough for <paramref name="count"/> rows.</summary>
    public RowSet With(int count, int addedFrom, IReadOnlyCollection<int> removed)
    {
        var changed = new ulong[(count + 63) / 64];
        bits.AsSpan(0, Math.Min(bits.Length, changed.Length)).CopyTo(changed);
        for (var row = addedFrom; row < count; row++)
        {
            changed[row >> 6] |= 1UL << (row & 63);
        }

        foreach (var row in removed)
        {
            changed[row >> 6] &= ~(1UL << (row & 63));
        }

        return new RowSet(changed);
    }
}
