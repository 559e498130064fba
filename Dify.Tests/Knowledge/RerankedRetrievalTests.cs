using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;
using Dify.Core.Models.Calls;
using Dify.Core.Models.Credentials;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Knowledge;

public sealed class RerankedRetrievalTests
{
    private static readonly RetrievalSettings Settings = new()
    {
        SearchMethod = SearchMethod.FullTextSearch, TopK = 2, RerankModel = new ModelReference("openai-compatible", "my-reranker"),
    };

    private readonly Actor _owner = new(Guid.CreateVersion7(), Guid.CreateVersion7(), Role.Owner);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_base_is_ordered_cut_and_filtered_by_the_scores_of_its_rerank_model(DatabaseKind kind)
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync(kind);
        await SetUpAsync(database, fake);
        var seed = new KnowledgeSeed(database, _owner.WorkspaceId);
        var knowledge = await seed.BaseAsync(retrieval: Settings);
        var (_, segments) = await seed.DocumentAsync(
            knowledge, "warranty", "The warranty of lamps and of many other things.", "A warranty needs the receipt.", "Nothing of it.");
        fake.OnScore = text => text.Length / 100.0;

        var hits = await AskAsync(database, null, knowledge.Id);
        Assert.Equal([(segments[1].Id, 0.47, 1), (segments[2].Id, 0.29, 2)], hits.Select(hit => (hit.SegmentId, hit.Score, hit.Position)));
        Assert.Equal((3, 2), (fake.Reranks[0]["documents"]!.AsArray().Count, (int)fake.Reranks[0]["top_n"]!));

        // The threshold is one of the new scores: the best hit of the search itself has 1 there.
        hits = await AskAsync(database, Settings with { ScoreThresholdEnabled = true, ScoreThreshold = 0.3 }, knowledge.Id);
        Assert.Equal(segments[1].Id, Assert.Single(hits).SegmentId);
        hits = await AskAsync(database, Settings with { ScoreThresholdEnabled = true, ScoreThreshold = 0.9 }, knowledge.Id);
        Assert.Empty(hits);
        Assert.Equal(3, fake.Reranks[^1]["documents"]!.AsArray().Count);
    }

    [Fact]
    public async Task Bases_with_shared_settings_are_ordered_together_and_those_with_their_own_apart()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await SetUpAsync(database, fake);
        var seed = new KnowledgeSeed(database, _owner.WorkspaceId);
        var (first, second) = (await seed.BaseAsync(retrieval: Settings), await seed.BaseAsync(IndexingTechnique.Economy));
        await seed.DocumentAsync(first, "A warranty that is short.");
        await seed.DocumentAsync(second, "The other warranty, which is much longer than the first.");
        fake.OnScore = text => text.Length / 100.0;

        var together = await AskAsync(database, Settings, first.Id, second.Id);
        Assert.Equal([second.Id, first.Id], together.Select(hit => hit.KnowledgeBaseId));
        Assert.Equal(2, Assert.Single(fake.Reranks)["documents"]!.AsArray().Count);

        var apart = await AskAsync(database, null, first.Id, second.Id);
        Assert.Equal(2, apart.Count);
        Assert.Single(fake.Reranks[^1]["documents"]!.AsArray());
        Assert.Equal(2, fake.Reranks.Count);
    }

    [Fact]
    public async Task Nothing_found_asks_no_model_and_a_model_that_is_gone_is_told()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await SetUpAsync(database, fake);
        var seed = new KnowledgeSeed(database, _owner.WorkspaceId);
        var (knowledge, empty) = (await seed.BaseAsync(retrieval: Settings), await seed.BaseAsync(retrieval: Settings));
        await seed.DocumentAsync(knowledge, "A warranty.");
        Assert.Empty(await AskAsync(database, null, empty.Id));
        Assert.Empty(fake.Reranks);

        await database.Get<ProviderService>().RemoveAsync(_owner, "openai-compatible", Cancelled);
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(database, null, knowledge.Id));
        Assert.Contains("Settings, Model providers", failure.Message);
    }

    private Task SetUpAsync(TestDatabase database, FakeOpenAiServer fake) => database.Get<ProviderService>().SaveAsync(
        _owner, "openai-compatible", new Dictionary<string, string?> { ["base_url"] = fake.BaseUrl }, Cancelled);

    private Task<IReadOnlyList<RetrievedSegment>> AskAsync(TestDatabase database, RetrievalSettings? settings, params Guid[] ids) =>
        database.Get<Retriever>().RetrieveAsync(
            new RetrievalQuery { WorkspaceId = _owner.WorkspaceId, KnowledgeBaseIds = ids, Text = "warranty", Settings = settings }, Cancelled);
}
