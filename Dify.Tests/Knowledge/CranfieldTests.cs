using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Knowledge;

public sealed class CranfieldTests
{
    [Fact]
    public void Full_text_search_ranks_the_cranfield_collection_as_well_as_the_published_figures()
    {
        var collection = new CranfieldCollection(SharedFolder.PathOf("retrieval/cranfield"));
        Assert.Equal((1400, 225), (collection.Segments.Count, collection.Questions));

        var (map, ndcg) = collection.ScoreLocalIndex();
        Assert.True(map >= 0.315, $"mean average precision {map:F4}");
        Assert.True(ndcg >= 0.39, $"nDCG@10 {ndcg:F4}");
        TestContext.Current.SendDiagnosticMessage($"MAP {map:F4}, nDCG@10 {ndcg:F4}");
    }
}
