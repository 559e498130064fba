namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>Keeps the best rows of a scan in a heap whose root is the worst kept. Equal scores: the smaller id wins.</summary>
internal sealed class TopHits(int limit, Guid[] ids)
{
    private readonly (float Score, int Row)[] heap = new (float, int)[limit];
    private int count;

    /// <summary>A score below it cannot enter any more.</summary>
    public float Threshold { get; private set; } = float.NegativeInfinity;

    public void Add(float score, int row)
    {
        if (count < heap.Length)
        {
            heap[count] = (score, row);
            Up(count++);
        }
        else if (count > 0 && Worse(heap[0], (score, row)))
        {
            heap[0] = (score, row);
            Down();
        }

        if (count == heap.Length && count > 0)
        {
            Threshold = heap[0].Score;
        }
    }

    public void Add(TopHits other)
    {
        foreach (var (score, row) in other.heap.AsSpan(0, other.count))
        {
            Add(score, row);
        }
    }

    /// <summary>Best first.</summary>
    public IReadOnlyList<SegmentHit> ToHits()
    {
        var kept = heap.AsSpan(0, count);
        kept.Sort((a, b) => Worse(a, b) ? 1 : Worse(b, a) ? -1 : 0);
        var hits = new SegmentHit[count];
        for (var i = 0; i < hits.Length; i++)
        {
            hits[i] = new SegmentHit(ids[kept[i].Row], kept[i].Score);
        }

        return hits;
    }

    private bool Worse((float Score, int Row) a, (float Score, int Row) b) =>
        a.Score < b.Score || (a.Score == b.Score && ids[a.Row].CompareTo(ids[b.Row]) > 0);

    private void Up(int index)
    {
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (!Worse(heap[index], heap[parent]))
            {
                return;
            }

            (heap[index], heap[parent]) = (heap[parent], heap[index]);
            index = parent;
        }
    }

    private void Down()
    {
        var index = 0;
        while (true)
        {
            var child = 2 * index + 1;
            if (child >= count)
            {
                return;
            }

            if (child + 1 < count && Worse(heap[child + 1], heap[child]))
            {
                child++;
            }

            if (!Worse(heap[child], heap[index]))
            {
                return;
            }

            (heap[index], heap[child]) = (heap[child], heap[index]);
            index = child;
        }
    }
}
