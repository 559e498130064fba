namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>
/// The rows that hold a term, ascending, with its frequency, as variable-length integers (row difference, frequency).
/// One writer appends while readers decode: bytes below the published length never change.
/// </summary>
internal sealed class PostingList
{
    private byte[] bytes = new byte[8];
    private int length;
    private int lastRow = -1;
    private int living;

    /// <summary>Rows with this term that are not deleted.</summary>
    public int Living => Volatile.Read(ref living);

    /// <summary>The writer's: the row being counted and how often the term was seen in it.</summary>
    public int PendingRow { get; set; } = -1;

    /// <inheritdoc cref="PendingRow"/>
    public int PendingFrequency { get; set; }

    public int Bytes => bytes.Length;

    public void Append(int row, int frequency)
    {
        var end = length;
        if (bytes.Length - end < 10)
        {
            var grown = new byte[bytes.Length * 2 + 10];
            bytes.AsSpan(0, end).CopyTo(grown);
            Volatile.Write(ref bytes, grown);
        }

        Write(bytes, ref end, (uint)(row - lastRow));
        Write(bytes, ref end, (uint)frequency);
        lastRow = row;
        living++;
        Volatile.Write(ref length, end);
    }

    public void Forget() => living--;

    public Reader Read()
    {
        // Length first: an array read afterwards holds at least that many valid bytes.
        var end = Volatile.Read(ref length);
        return new Reader(Volatile.Read(ref bytes).AsSpan(0, end));
    }

    private static void Write(byte[] target, ref int position, uint value)
    {
        while (value >= 0x80)
        {
            target[position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[position++] = (byte)value;
    }

    public ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;
        private int position;

        public int Row { get; private set; } = -1;

        public int Frequency { get; private set; }

        public bool MoveNext()
        {
            if (position >= bytes.Length)
            {
                return false;
            }

            Row += (int)Next();
            Frequency = (int)Next();
            return true;
        }

        private uint Next()
        {
            uint value = bytes[position++];
            if (value < 0x80)
            {
                return value;
            }

            value &= 0x7F;
            for (var shift = 7; ; shift += 7)
            {
                uint next = bytes[position++];
                value |= (next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
        }
    }
}
