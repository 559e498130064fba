using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Indexing.Local;
using Dify.Core.Storage;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Knowledge;

public sealed class LocalSegmentIndexTests
{
    private readonly Guid _workspace = Guid.CreateVersion7();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task What_it_reads_from_the_store_is_what_was_written_to_it(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var seed = new KnowledgeSeed(database, _workspace);
        var knowledge = await seed.BaseAsync();
        var (document, segments) = await seed.DocumentAsync(
            knowledge, ("red apple", [1f, 0, 0]), ("green pear", [0f, 1, 0]), ("no vector", null));
        await seed.ChangeAsync((await seed.DocumentAsync(knowledge, ("red but hidden", [1f, 0, 0]))).Document, d => d.Enabled = false);

        var index = (LocalSegmentIndex)database.Get<ISegmentIndex>();
        var rebuilt = await index.SearchVectorAsync(knowledge.Id, new[] { 0.9f, 0.1f, 0 }, 10, Cancelled);
        var rebuiltText = await index.SearchTextAsync(knowledge.Id, "red pear vector", 10, Cancelled);

        var other = Guid.CreateVersion7();
        await index.UpsertAsync(
            other,
            [.. segments.Select(s => new IndexedSegment(s.Id, document.Id, s.Content, s.Position == 1 ? new[] { 1f, 0, 0 } : s.Position == 2 ? new[] { 0f, 1, 0 } : default))],
            Cancelled);
        Assert.Equal(rebuilt, await index.SearchVectorAsync(other, new[] { 0.9f, 0.1f, 0 }, 10, Cancelled));
        Assert.Equal(rebuiltText, await index.SearchTextAsync(other, "red pear vector", 10, Cancelled));
        Assert.Equal([segments[0].Id, segments[1].Id], rebuilt.Select(hit => hit.SegmentId));
    }

    [Fact]
    public async Task A_base_is_read_once_however_many_ask_at_the_same_time()
    {
        await using var database = await TestDatabase.CreateAsync();
        var seed = new KnowledgeSeed(database, _workspace);
        var knowledge = await seed.BaseAsync();
        var (_, segments) = await seed.DocumentAsync(knowledge, "first text");
        var index = database.Get<ISegmentIndex>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => index.SearchTextAsync(knowledge.Id, "text", 5, Cancelled)));
        Assert.All(answers, hits => Assert.Equal(segments[0].Id, Assert.Single(hits).SegmentId));

        // Written behind its back: it is not read again until it is dropped.
        await seed.DocumentAsync(knowledge, "second text");
        Assert.Single(await index.SearchTextAsync(knowledge.Id, "text", 5, Cancelled));
        await index.DropAsync(knowledge.Id, Cancelled);
        Assert.Equal(2, (await index.SearchTextAsync(knowledge.Id, "text", 5, Cancelled)).Count);
    }

    [Fact]
    public async Task Unused_bases_are_dropped_under_the_memory_limit_and_come_back()
    {
        await using var database = await TestDatabase.CreateAsync(
            settings: [KeyValuePair.Create<string, string?>("Knowledge:LocalIndex:MemoryLimitMegabytes", "1")]);
        var seed = new KnowledgeSeed(database, _workspace);
        var bases = new List<KnowledgeBase>();
        for (var i = 0; i < 3; i++)
        {
            bases.Add(await seed.BaseAsync());
            await seed.DocumentAsync(bases[i], [.. Enumerable.Range(0, 40).Select(n => ($"word{n}", (float[]?)Enumerable.Repeat((float)n + 1, 4096).ToArray()))]);
        }

        var index = (LocalSegmentIndex)database.Get<ISegmentIndex>();
        foreach (var knowledge in bases)
        {
            Assert.Single(await index.SearchTextAsync(knowledge.Id, "word7", 5, Cancelled));
        }

        Assert.Equal([bases[2].Id], index.Loaded);
        Assert.Single(await index.SearchTextAsync(bases[0].Id, "word7", 5, Cancelled));
    }

    [Fact]
    public async Task Removing_reaches_a_base_that_is_in_memory_and_leaves_others_alone()
    {
        await using var database = await TestDatabase.CreateAsync();
        var seed = new KnowledgeSeed(database, _workspace);
        var (one, two) = (await seed.BaseAsync(), await seed.BaseAsync());
        var (document, segments) = await seed.DocumentAsync(one, "salt water", "sweet water", "ice water");
        var index = database.Get<ISegmentIndex>();
        Assert.Equal(3, (await index.SearchTextAsync(one.Id, "water", 5, Cancelled)).Count);

        await index.RemoveAsync(one.Id, [segments[0].Id], Cancelled);
        await index.RemoveAsync(two.Id, [segments[0].Id], Cancelled);
        Assert.Equal(2, (await index.SearchTextAsync(one.Id, "water", 5, Cancelled)).Count);
        await index.RemoveDocumentAsync(one.Id, document.Id, Cancelled);
        Assert.Empty(await index.SearchTextAsync(one.Id, "water", 5, Cancelled));
    }
}
