namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>Keeps the best rows of a scan in a heap whose root is the worst kept. Equal scores: the smaller id wins.</summary>
internal sealed class TopHits(int limit, Guid[] ids)
{
    private readonly (float Score, int Row)[] _heap = new (float, int)[limit];
    private int _count;

    /// <summary>A score below it cannot enter any more.</summary>
    public float Threshold { get; private set; } = float.NegativeInfinity;

    public void Add(float score, int row)
    {
        if (_count < _heap.Length)
        {
            _heap[_count] = (score, row);
            Up(_count++);
        }
        else if (_count > 0 && Worse(_heap[0], (score, row)))
        {
            _heap[0] = (score, row);
            Down();
        }

        if (_count == _heap.Length && _count > 0)
        {
            Threshold = _heap[0].Score;
        }
    }

    public void Add(TopHits other)
    {
        foreach (var (score, row) in other._heap.AsSpan(0, other._count))
        {
            Add(score, row);
        }
    }

    /// <summary>Best first.</summary>
    public IReadOnlyList<SegmentHit> ToHits()
    {
        var kept = _heap.AsSpan(0, _count);
        kept.Sort((a, b) => Worse(a, b) ? 1 : Worse(b, a) ? -1 : 0);
        var hits = new SegmentHit[_count];
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
            if (!Worse(_heap[index], _heap[parent]))
            {
                return;
            }

            (_heap[index], _heap[parent]) = (_heap[parent], _heap[index]);
            index = parent;
        }
    }

    private void Down()
    {
        var index = 0;
        while (true)
        {
            var child = 2 * index + 1;
            if (child >= _count)
            {
                return;
            }

            if (child + 1 < _count && Worse(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!Worse(_heap[child], _heap[index]))
            {
                return;
            }

            (_heap[index], _heap[child]) = (_heap[child], _heap[index]);
            index = child;
        }
    }
}
