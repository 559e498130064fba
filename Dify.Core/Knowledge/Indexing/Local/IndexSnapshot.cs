using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Dify.Core.Knowledge.Indexing.Analysis;

namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>
/// What a search sees of a knowledge base: fixed at one moment, whatever is written meanwhile. Rows at or above
/// <see cref="Count"/> in the shared arrays and posting lists belong to later snapshots.
/// </summary>
internal sealed class IndexSnapshot
{
    /// <summary>BM25: how fast repetitions of a term stop counting.</summary>
    private const float K1 = 1.5f;

    /// <summary>BM25: how much a long segment is marked down.</summary>
    private const float B = 0.75f;

    public required int Count { get; init; }

    public required int Living { get; init; }

    /// <summary>Terms of all living rows.</summary>
    public required long TotalLength { get; init; }

    public required RowSet Rows { get; init; }

    public required Guid[] Ids { get; init; }

    public required int[] Lengths { get; init; }

    public required VectorTableView[] Vectors { get; init; }

    public required ConcurrentDictionary<string, PostingList> Terms { get; init; }

    public IReadOnlyList<SegmentHit> SearchVector(ReadOnlySpan<float> vector, int limit)
    {
        var norm = TensorPrimitives.Norm(vector);
        var table = Find(vector.Length);
        if (table is null || limit <= 0 || !float.IsFinite(norm) || norm == 0)
        {
            return [];
        }

        var query = new float[vector.Length];
        TensorPrimitives.Divide(vector, norm, query);
        return table.Search(query, Math.Min(limit, Count), Rows, Ids).ToHits();
    }

    public IReadOnlyList<SegmentHit> SearchText(string text, int limit)
    {
        var terms = QueryTerms(text);
        if (terms.Count == 0 || Living == 0 || limit <= 0)
        {
            return [];
        }

        var scores = ArrayPool<float>.Shared.Rent(Count);
        try
        {
            Array.Clear(scores, 0, Count);
            var averageLength = Math.Max(1f, (float)TotalLength / Living);
            foreach (var (list, repetitions) in terms)
            {
                Accumulate(list, repetitions, averageLength, scores);
            }

            var hits = new TopHits(Math.Min(limit, Count), Ids);
            for (var row = 0; row < Count; row++)
            {
                if (scores[row] > 0 && scores[row] >= hits.Threshold && Rows.Contains(row))
                {
                    hits.Add(scores[row], row);
                }
            }

            return hits.ToHits();
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private VectorTableView? Find(int dimension)
    {
        foreach (var table in Vectors)
        {
            if (table.Dimension == dimension)
            {
                return table;
            }
        }

        return null;
    }

    private Dictionary<PostingList, int> QueryTerms(string text)
    {
        var found = new Dictionary<PostingList, int>();
        var lookup = Terms.GetAlternateLookup<ReadOnlySpan<char>>();
        TextAnalyzer.Analyze(text, term =>
        {
            if (lookup.TryGetValue(term, out var list))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(found, list, out _)++;
            }
        });
        return found;
    }

    private void Accumulate(PostingList list, int repetitions, float averageLength, float[] scores)
    {
        var documents = Math.Clamp(list.Living, 0, Living);
        var idf = MathF.Log(1 + ((Living - documents + 0.5f) / (documents + 0.5f)));
        var weight = repetitions * idf * (K1 + 1);
        const float constant = K1 * (1 - B);
        var perTerm = K1 * B / averageLength;
        var lengths = Lengths;
        var postings = list.Read();
        while (postings.MoveNext() && postings.Row < Count)
        {
            var frequency = (float)postings.Frequency;
            scores[postings.Row] += weight * frequency / (frequency + constant + (perTerm * lengths[postings.Row]));
        }
    }
}
