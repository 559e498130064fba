using System.Numerics.Tensors;

namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>A table as it stood at one moment.</summary>
internal sealed class VectorTableView(int dimension, VectorBlock[] blocks, int count)
{
    /// <summary>Multiplications from which a second core is worth its start.</summary>
    private const long ParallelFrom = 4_000_000;

    public int Dimension => dimension;

    public int Count => count;

    public VectorBlock[] Blocks => blocks;

    /// <summary>The nearest living rows by cosine; <paramref name="query"/> is scaled to 1.</summary>
    public TopHits Search(float[] query, int limit, RowSet living, Guid[] ids)
    {
        var workers = (long)count * dimension >= ParallelFrom ? Math.Min(Environment.ProcessorCount, blocks.Length) : 1;
        if (workers <= 1)
        {
            var hits = new TopHits(limit, ids);
            foreach (var block in blocks)
            {
                Scan(block, query, living, hits);
            }

            return hits;
        }

        var next = -1;
        var parts = new TopHits[workers];
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker =>
        {
            var hits = new TopHits(limit, ids);
            int index;
            while ((index = Interlocked.Increment(ref next)) < blocks.Length)
            {
                Scan(blocks[index], query, living, hits);
            }

            parts[worker] = hits;
        });

        var best = parts[0];
        foreach (var part in parts.AsSpan(1))
        {
            best.Add(part);
        }

        return best;
    }

    private void Scan(VectorBlock block, float[] query, RowSet living, TopHits hits)
    {
        var used = Math.Min(block.Capacity, count - block.Start);
        for (var i = 0; i < used; i++)
        {
            var row = block.Rows[i];
            if (!living.Contains(row))
            {
                continue;
            }

            var score = TensorPrimitives.Dot(query, block.Vector(i));
            if (score >= hits.Threshold)
            {
                hits.Add(score, row);
            }
        }
    }
}
