using Dify.Tests.Knowledge;
using Dify.Tests.Support;

namespace Dify.Tests.Benchmarks;

internal static class CranfieldBenchmark
{
    public static Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(SharedFolder.Root, "retrieval", "cranfield");
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine("cranfield: left out, '../shared/retrieval/cranfield' is not beside the checkout");
            return Task.FromResult<IReadOnlyList<Figure>>([]);
        }

        var (map, ndcg) = new CranfieldCollection(folder).ScoreLocalIndex();
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            new Figure("mean average precision, BM25 only", map, "", 0.315, AtMost: false),
            new Figure("nDCG@10, BM25 only", ndcg, "", 0.39, AtMost: false),
        ]);
    }
}
