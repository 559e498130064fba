using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Storage;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Knowledge;

public sealed class RetrieverTests
{
    private readonly Guid _workspace = Guid.CreateVersion7();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task The_best_segments_come_first_with_their_document(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var seed = new KnowledgeSeed(database, _workspace);
        var knowledge = await seed.BaseAsync();
        var (document, segments) = await seed.DocumentAsync(
            knowledge, "The warranty of a pump lasts two years.", "Valves are tested twice.", "A warranty needs the receipt; warranty cards help.");

        var hits = await AskAsync(database, "pump warranty", knowledge.Id);

        Assert.Equal([segments[0].Id, segments[2].Id], hits.Select(hit => hit.SegmentId));
        Assert.Equal([1, 2], hits.Select(hit => hit.Position));
        Assert.Equal(1, hits[0].Score);
        Assert.InRange(hits[1].Score, 0.01, 0.99);
        Assert.Equal((document.Name, knowledge.Name, 1), (hits[0].DocumentName, hits[0].KnowledgeBaseName, hits[0].SegmentPosition));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task What_is_disabled_archived_or_unfinished_is_not_found(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var seed = new KnowledgeSeed(database, _workspace);
        var knowledge = await seed.BaseAsync();
        var disabled = (await seed.DocumentAsync(knowledge, "warranty one")).Document;
        var archived = (await seed.DocumentAsync(knowledge, "warranty two")).Document;
        var unfinished = (await seed.DocumentAsync(knowledge, "warranty three")).Document;
        var off = (await seed.DocumentAsync(knowledge, "warranty four")).Segments[0];
        var found = (await seed.DocumentAsync(knowledge, "warranty five")).Segments[0];

        // Loaded before the changes: the store has the last word, whatever the index still holds.
        Assert.Equal(3, (await AskAsync(database, "warranty", knowledge.Id)).Count);
        await seed.ChangeAsync(disabled, d => d.Enabled = false);
        await seed.ChangeAsync(archived, d => d.Archived = true);
        await seed.ChangeAsync(unfinished, d => d.IndexingStatus = IndexingStatus.Indexing);
        await seed.ChangeAsync(off, s => s.Enabled = false);

        Assert.Equal(found.Id, Assert.Single(await AskAsync(database, "warranty", knowledge.Id)).SegmentId);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Several_bases_are_merged_and_one_of_another_workspace_is_404(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var seed = new KnowledgeSeed(database, _workspace);
        var (one, two) = (await seed.BaseAsync(), await seed.BaseAsync(IndexingTechnique.Economy));
        await seed.DocumentAsync(one, "A turbine has blades.", "Nothing of interest.");
        await seed.DocumentAsync(two, "Turbine oil is changed yearly.", "Lamps are replaced.");
        var foreign = await new KnowledgeSeed(database, Guid.CreateVersion7()).BaseAsync();

        var shared = new RetrievalSettings { SearchMethod = SearchMethod.FullTextSearch, TopK = 2 };
        var hits = await AskAsync(database, "turbine", shared, one.Id, two.Id, one.Id);
        Assert.Equal(new HashSet<Guid> { one.Id, two.Id }, hits.Select(hit => hit.KnowledgeBaseId).ToHashSet());
        Assert.Equal(2, (await AskAsync(database, "turbine", null, one.Id, two.Id)).Count);

        var error = await Assert.ThrowsAsync<DifyException>(() => AskAsync(database, "turbine", null, one.Id, foreign.Id));
        Assert.Equal(404, error.Status);
    }

    [Fact]
    public async Task Top_k_and_the_threshold_limit_the_result()
    {
        await using var database = await TestDatabase.CreateAsync();
        var seed = new KnowledgeSeed(database, _workspace);
        var knowledge = await seed.BaseAsync();
        await seed.DocumentAsync(knowledge, "gear gear gear", "gear box", "gear of a long story about boxes and other things", "none");

        var settings = new RetrievalSettings { SearchMethod = SearchMethod.FullTextSearch, TopK = 2 };
        Assert.Equal(2, (await AskAsync(database, "gear", settings, knowledge.Id)).Count);
        var strict = settings with { TopK = 10, ScoreThresholdEnabled = true, ScoreThreshold = 1 };
        Assert.Single(await AskAsync(database, "gear", strict, knowledge.Id));
        Assert.Empty(await AskAsync(database, "   ", settings, knowledge.Id));
        Assert.Empty(await AskAsync(database, "the of and", settings, knowledge.Id));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Hits_are_counted_and_questions_kept(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var seed = new KnowledgeSeed(database, _workspace);
        var knowledge = await seed.BaseAsync();
        var (document, segments) = await seed.DocumentAsync(knowledge, "apple pie", "pear tart");
        await AskAsync(database, "apple", knowledge.Id);
        await AskAsync(database, "apple", knowledge.Id);
        await AskAsync(database, "pear", knowledge.Id);
        await database.Get<RetrievalLog>().FlushAsync(Cancelled);

        await using var db = await database.Contexts.CreateDbContextAsync(Cancelled);
        var counts = await db.Segments.Where(s => s.DocumentId == document.Id).OrderBy(s => s.Position).Select(s => s.HitCount).ToListAsync(Cancelled);
        Assert.Equal([2, 1], counts);
        Assert.Equal(3, (await db.Documents.SingleAsync(Cancelled)).HitCount);
        var records = await db.RetrievalRecords.OrderBy(r => r.Id).ToListAsync(Cancelled);
        Assert.Equal(["apple", "apple", "pear"], records.Select(r => r.Text).Order());
        Assert.All(records, record => Assert.Equal(("app", 1, knowledge.Id), (record.Source, record.Hits, record.KnowledgeBaseId)));
    }

    [Fact]
    public void Hybrid_scores_weigh_both_lists()
    {
        var settings = new RetrievalSettings { SearchMethod = SearchMethod.HybridSearch, VectorWeight = 0.7 };
        var knowledge = new KnowledgeBase { Name = "k", Retrieval = settings, IndexingTechnique = IndexingTechnique.HighQuality };
        var plan = SearchPlan.For(knowledge, new RetrievalQuery { WorkspaceId = _workspace, KnowledgeBaseIds = [], Text = "" });
        var (both, near, word) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());

        var ranked = ScoreFusion.Rank([new SearchedBase(plan, [new(near, 0.8f), new(both, 0.4f)], [new(word, 6), new(both, 3)])])
            .ToDictionary(pair => pair.SegmentId, pair => pair.Score);

        Assert.Equal(0.7, ranked[near], 4);
        Assert.Equal(0.3, ranked[word], 4);
        Assert.Equal((0.7 * 0.5) + (0.3 * 0.5), ranked[both], 4);
    }

    private Task<IReadOnlyList<RetrievedSegment>> AskAsync(TestDatabase database, string text, Guid id) =>
        AskAsync(database, text, null, id);

    private Task<IReadOnlyList<RetrievedSegment>> AskAsync(
        TestDatabase database, string text, RetrievalSettings? settings, params Guid[] ids) =>
        database.Get<Retriever>().RetrieveAsync(
            new RetrievalQuery { WorkspaceId = _workspace, KnowledgeBaseIds = ids, Text = text, Settings = settings }, Cancelled);
}
