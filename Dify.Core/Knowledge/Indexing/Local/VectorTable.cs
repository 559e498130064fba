using System.Numerics.Tensors;

namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>Vectors of one length, scaled to 1, row behind row. Appended by one writer, scanned by any number of readers.</summary>
internal sealed class VectorTable(int dimension)
{
    private const int SmallestBlock = 32;
    private const int LargestBlock = 1024;

    private VectorBlock[] _blocks = [];
    private int _count;

    public int Dimension => dimension;

    public VectorTableView View() => new(dimension, _blocks, _count);

    /// <summary>Appends the vector of a row; false when it has no direction (all zero, or not finite).</summary>
    public bool Add(int row, ReadOnlySpan<float> vector)
    {
        var norm = TensorPrimitives.Norm(vector);
        if (!float.IsFinite(norm) || norm == 0)
        {
            return false;
        }

        if (_blocks.Length == 0 || _count == _blocks[^1].Start + _blocks[^1].Capacity)
        {
            var capacity = Math.Clamp(_count, SmallestBlock, LargestBlock);
            _blocks = [.. _blocks, new VectorBlock(_count, capacity, dimension)];
        }

        var block = _blocks[^1];
        TensorPrimitives.Divide(vector, norm, block.Vector(_count - block.Start));
        block.Rows[_count - block.Start] = row;
        _count++;
        return true;
    }

    public long Bytes => _blocks.Sum(block => 4L * block.Capacity * (dimension + 1));
}

internal sealed class VectorBlock(int start, int capacity, int dimension)
{
    public int Start => start;

    public int Capacity => capacity;

    public int[] Rows { get; } = new int[capacity];

    public float[] Values { get; } = GC.AllocateUninitializedArray<float>(capacity * dimension);

    public Span<float> Vector(int index) => Values.AsSpan(index * dimension, dimension);
}
