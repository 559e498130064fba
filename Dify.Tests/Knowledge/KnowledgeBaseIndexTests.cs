using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Indexing.Local;
using Dify.Tests.Benchmarks;
using Xunit;

namespace Dify.Tests.Knowledge;

public sealed class KnowledgeBaseIndexTests
{
    private const int Dimension = 48;
    private readonly SampleText _sample = new(42);

    [Fact]
    public void Vector_search_finds_what_brute_force_finds()
    {
        var index = new KnowledgeBaseIndex();
        var segments = Make(3000);
        index.Upsert(segments);
        for (var i = 0; i < 20; i++)
        {
            var query = _sample.Vector(Dimension);
            var expected = segments.Select(s => (s.Id, Score: Cosine(query, s.Vector.Span)))
                .OrderByDescending(pair => pair.Score).Take(10).ToList();
            var hits = index.Snapshot.SearchVector(query, 10);
            Assert.Equal(expected.Select(pair => pair.Id), hits.Select(hit => hit.SegmentId));
            Assert.All(hits.Zip(expected), pair => Assert.Equal(pair.Second.Score, pair.First.Score, 5));
        }
    }

    [Fact]
    public void A_scan_on_several_cores_finds_the_same_as_brute_force()
    {
        const int wide = 2048;
        var segments = Enumerable.Range(0, 2500)
            .Select(_ => new IndexedSegment(Guid.CreateVersion7(), Guid.Empty, "", _sample.Vector(wide))).ToList();
        var index = new KnowledgeBaseIndex();
        index.Upsert(segments);
        var query = _sample.Vector(wide);
        var expected = segments.OrderByDescending(s => Cosine(query, s.Vector.Span)).Take(20).Select(s => s.Id);
        Assert.Equal(expected, index.Snapshot.SearchVector(query, 20).Select(hit => hit.SegmentId));
    }

    [Fact]
    public void Text_search_scores_as_the_formula_of_bm25()
    {
        var index = new KnowledgeBaseIndex();
        var short1 = Segment("pump valve");
        var long1 = Segment("pump pump cylinder engine turbine blade rotor shaft");
        index.Upsert([short1, long1, Segment("engine turbine")]);

        var hits = index.Snapshot.SearchText("pumps", 10);

        var idf = Math.Log(1 + ((3 - 2 + 0.5) / (2 + 0.5)));
        double Score(double frequency, double length) =>
            idf * frequency * 2.5 / (frequency + (1.5 * (0.25 + (0.75 * length / 4))));
        Assert.Equal(2, hits.Count);
        Assert.Equal(Score(1, 2), hits.Single(h => h.SegmentId == short1.Id).Score, 5);
        Assert.Equal(Score(2, 8), hits.Single(h => h.SegmentId == long1.Id).Score, 5);
    }

    [Fact]
    public void Chinese_questions_find_chinese_segments()
    {
        var index = new KnowledgeBaseIndex();
        var refund = Segment("退款政策：商品签收后七天内可以申请退款。");
        index.Upsert([refund, Segment("发货时间：付款后两天内发货。"), Segment("Our refund policy covers seven days.")]);
        Assert.Equal(refund.Id, index.Snapshot.SearchText("怎么申请退款？", 3)[0].SegmentId);
    }

    [Fact]
    public void What_is_removed_or_replaced_is_not_found_any_more()
    {
        var index = new KnowledgeBaseIndex();
        var (one, two, three) = (Segment("alpha"), Segment("alpha beta"), Segment("alpha gamma"));
        index.Upsert([one, two, three]);
        index.Remove([one.Id, Guid.CreateVersion7()]);
        index.RemoveDocument(two.DocumentId);
        index.Upsert([three with { Text = "delta" }]);

        Assert.Empty(index.Snapshot.SearchText("alpha", 10));
        Assert.Equal(three.Id, Assert.Single(index.Snapshot.SearchText("delta", 10)).SegmentId);
        Assert.Equal(three.Id, Assert.Single(index.Snapshot.SearchVector(three.Vector.Span, 10)).SegmentId);
    }

    [Fact]
    public void After_many_changes_it_answers_like_a_fresh_one()
    {
        var index = new KnowledgeBaseIndex();
        var living = new Dictionary<Guid, IndexedSegment>();
        for (var round = 0; round < 30; round++)
        {
            var added = Make(100);
            index.Upsert(added);
            added.ForEach(segment => living[segment.Id] = segment);
            var changed = living.Values.Where((_, i) => i % 3 == round % 3)
                .Select(s => s with { Text = _sample.Words(12), Vector = _sample.Vector(Dimension) }).ToList();
            index.Upsert(changed);
            changed.ForEach(segment => living[segment.Id] = segment);
            var removed = living.Keys.Where((_, i) => i % 4 == 0).ToList();
            index.Remove(removed);
            removed.ForEach(id => living.Remove(id));
        }

        var fresh = new KnowledgeBaseIndex();
        fresh.Upsert([.. living.Values]);
        Assert.Equal(fresh.Snapshot.Living, index.Snapshot.Living);
        Assert.True(index.Snapshot.Count < 2 * living.Count, "dead rows are thrown away in time");
        for (var i = 0; i < 20; i++)
        {
            var question = _sample.Words(5);
            var vector = _sample.Vector(Dimension);
            Assert.Equal(fresh.Snapshot.SearchText(question, 10), index.Snapshot.SearchText(question, 10));
            Assert.Equal(fresh.Snapshot.SearchVector(vector, 10).Select(h => h.SegmentId), index.Snapshot.SearchVector(vector, 10).Select(h => h.SegmentId));
        }
    }

    [Fact]
    public async Task Searches_run_while_segments_are_written()
    {
        var index = new KnowledgeBaseIndex();
        var stable = Segment("lighthouse keeper", _sample.Vector(Dimension));
        index.Upsert([stable]);
        using var done = new CancellationTokenSource();
        var searches = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var rounds = 0;
            while (!done.IsCancellationRequested || rounds == 0)
            {
                Assert.Equal(stable.Id, Assert.Single(index.Snapshot.SearchText("lighthouse", 5)).SegmentId);
                var hits = index.Snapshot.SearchVector(stable.Vector.Span, 5);
                Assert.Equal(stable.Id, hits[0].SegmentId);
                Assert.Equal(hits.Count, hits.Select(hit => hit.SegmentId).Distinct().Count());
                rounds++;
            }

            return rounds;
        })).ToList();

        var sample = new SampleText(3);
        var first = Make(50);
        for (var round = 0; round < 60; round++)
        {
            index.Upsert(first);
            index.Upsert([.. Enumerable.Range(0, 20).Select(_ => Segment(sample.Words(20), sample.Vector(Dimension)))]);
            index.Upsert([stable]);
        }

        await done.CancelAsync();
        Assert.All(await Task.WhenAll(searches), rounds => Assert.True(rounds > 0));
    }

    [Fact]
    public void Vectors_without_a_direction_or_of_another_length_are_not_compared()
    {
        var index = new KnowledgeBaseIndex();
        index.Upsert([Segment("zero", new float[4]), Segment("odd", [float.NaN, 1, 1, 1]), Segment("ok", [1, 0, 0, 0])]);
        Assert.Single(index.Snapshot.SearchVector([1f, 0, 0, 0], 10));
        Assert.Empty(index.Snapshot.SearchVector([1f, 0, 0], 10));
        Assert.Empty(index.Snapshot.SearchVector([0f, 0, 0, 0], 10));
        Assert.Single(index.Snapshot.SearchText("zero", 10));
    }

    private List<IndexedSegment> Make(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Segment(_sample.Words(15), _sample.Vector(Dimension)))];

    private IndexedSegment Segment(string text, float[]? vector = null) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), text, vector ?? _sample.Vector(Dimension));

    private static float Cosine(float[] a, ReadOnlySpan<float> b)
    {
        double dot = 0, one = 0, two = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += a[i] * b[i];
            one += a[i] * a[i];
            two += b[i] * b[i];
        }

        return (float)(dot / Math.Sqrt(one * two));
    }
}
