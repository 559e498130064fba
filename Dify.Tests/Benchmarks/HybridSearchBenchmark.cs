using System.Diagnostics;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Indexing.Local;

namespace Dify.Tests.Benchmarks;

/// <summary>Vector and full-text search over 20,000 segments of 1,536 dimensions.</summary>
internal static class HybridSearchBenchmark
{
    private const int Segments = 20_000;
    private const int Dimension = 1536;

    public static Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var sample = new SampleText(7);
        var index = new KnowledgeBaseIndex();
        for (var i = 0; i < Segments; i += 200)
        {
            index.Upsert([.. Enumerable.Range(0, 200).Select(_ => new IndexedSegment(
                Guid.CreateVersion7(), Guid.Empty, sample.Words(80), sample.Vector(Dimension)))]);
        }

        var times = new List<double>();
        var vectorTimes = new List<double>();
        for (var i = -50; i < 400; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var question = sample.Words(10);
            var vector = sample.Vector(Dimension);
            var start = Stopwatch.GetTimestamp();
            index.Snapshot.SearchVector(vector, 50);
            var between = Stopwatch.GetTimestamp();
            index.Snapshot.SearchText(question, 50);
            if (i >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                vectorTimes.Add(Stopwatch.GetElapsedTime(start, between).TotalMilliseconds);
            }
        }

        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            Figure.Note("vector search alone, median", Percentile(vectorTimes, 0.5), "ms"),
            Figure.Note("index of 20,000 x 1,536, median", Percentile(times, 0.5), "ms"),
            Figure.Note("index of 20,000 x 1,536, p95", Percentile(times, 0.95), "ms"),
        ]);
    }

    private static double Percentile(List<double> values, double share)
    {
        values.Sort();
        return values[(int)Math.Ceiling(share * values.Count) - 1];
    }
}
