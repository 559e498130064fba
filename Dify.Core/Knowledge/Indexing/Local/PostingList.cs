namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>
/// The rows that hold a term, ascending, with its frequency, as variable-length integers (row difference, frequency).
/// One writer appends while readers decode: bytes below the published length never change.
/// </summary>
internal sealed class PostingList
{
    private byte[] _bytes = new byte[8];
    private int _length;
    private int _lastRow = -1;
    private int _living;

    /// <summary>Rows with this term that are not deleted.</summary>
    public int Living => Volatile.Read(ref _living);

    /// <summary>The writer's: the row being counted and how often the term was seen in it.</summary>
    public int PendingRow { get; set; } = -1;

    /// <inheritdoc cref="PendingRow"/>
    public int PendingFrequency { get; set; }

    public int Bytes => _bytes.Length;

    public void Append(int row, int frequency)
    {
        var end = _length;
        if (_bytes.Length - end < 10)
        {
            var grown = new byte[_bytes.Length * 2 + 10];
            _bytes.AsSpan(0, end).CopyTo(grown);
            Volatile.Write(ref _bytes, grown);
        }

        Write(_bytes, ref end, (uint)(row - _lastRow));
        Write(_bytes, ref end, (uint)frequency);
        _lastRow = row;
        _living++;
        Volatile.Write(ref _length, end);
    }

    public void Forget() => _living--;

    public Reader Read()
    {
        // Length first: an array read afterwards holds at least that many valid bytes.
        var end = Volatile.Read(ref _length);
        return new Reader(Volatile.Read(ref _bytes).AsSpan(0, end));
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
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _position;

        public int Row { get; private set; } = -1;

        public int Frequency { get; private set; }

        public bool MoveNext()
        {
            if (_position >= _bytes.Length)
            {
                return false;
            }

            Row += (int)Next();
            Frequency = (int)Next();
            return true;
        }

        private uint Next()
        {
            uint value = _bytes[_position++];
            if (value < 0x80)
            {
                return value;
            }

            value &= 0x7F;
            for (var shift = 7; ; shift += 7)
            {
                uint next = _bytes[_position++];
                value |= (next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
        }
    }
}
