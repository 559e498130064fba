using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Indexing.Local;
using Dify.Core.Storage;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Knowledge;

/// <summary>Web and worker: two processes with an index each, on one PostgreSQL store.</summary>
public sealed class IndexAcrossProcessesTests
{
    private readonly Guid _workspace = Guid.CreateVersion7();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_process_indexes_edits_and_removes_the_other_finds_so()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.PostgreSql);
        await using var other = database.NewServices();
        var (worker, web) = (database.Get<ISegmentIndex>(), other.GetRequiredService<ISegmentIndex>());
        var seed = new KnowledgeSeed(database, _workspace);
        var knowledge = await seed.BaseAsync();
        Assert.Empty(await Find("apple"));

        var (document, segments) = await seed.DocumentAsync(knowledge, "red apple", "green pear");
        await worker.UpsertAsync(knowledge.Id, [.. segments.Select(Indexed)], Cancelled);
        Assert.Equal([segments[0].Id], await Find("apple"));

        await seed.ChangeAsync(segments[0], s => s.Content = "red cherry");
        await worker.UpsertAsync(knowledge.Id, [Indexed(segments[0])], Cancelled);
        Assert.Empty(await Find("apple"));
        Assert.Equal([segments[0].Id], await Find("cherry"));

        await seed.ChangeAsync(segments[1], s => s.Enabled = false);
        await worker.RemoveAsync(knowledge.Id, [segments[1].Id], Cancelled);
        Assert.Empty(await Find("pear"));

        await seed.ChangeAsync(document, d => d.Enabled = false);
        await worker.RemoveDocumentAsync(knowledge.Id, document.Id, Cancelled);
        Assert.Empty(await Find("cherry"));

        async Task<IEnumerable<Guid>> Find(string word) =>
            (await web.SearchTextAsync(knowledge.Id, word, 5, Cancelled)).Select(hit => hit.SegmentId);
    }

    [Fact]
    public async Task Writes_on_both_sides_are_found_on_both_sides()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.PostgreSql);
        await using var other = database.NewServices();
        ISegmentIndex[] sides = [database.Get<ISegmentIndex>(), other.GetRequiredService<ISegmentIndex>()];
        var seed = new KnowledgeSeed(database, _workspace);
        var knowledge = await seed.BaseAsync();

        await Task.WhenAll(sides.Select(side => side.SearchTextAsync(knowledge.Id, "salt", 50, Cancelled)));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            var (_, segments) = await new KnowledgeSeed(database, _workspace).DocumentAsync(knowledge, $"salt {i}");
            await sides[i % 2].UpsertAsync(knowledge.Id, [Indexed(segments[0])], Cancelled);
        }));

        foreach (var side in sides)
        {
            Assert.Equal(12, (await side.SearchTextAsync(knowledge.Id, "salt", 50, Cancelled)).Count);
        }
    }

    [Fact]
    public async Task Own_writes_make_nobody_read_the_knowledge_base_anew()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.PostgreSql);
        var index = database.Get<ISegmentIndex>();
        var seed = new KnowledgeSeed(database, _workspace);
        var knowledge = await seed.BaseAsync();
        Assert.Empty(await index.SearchTextAsync(knowledge.Id, "salt", 5, Cancelled));

        // In the store but not handed to the index: it would be found if the knowledge base were read again.
        await seed.DocumentAsync(knowledge, "salt unseen");
        var (_, segments) = await new KnowledgeSeed(database, _workspace).DocumentAsync(knowledge, "salt seen");
        await index.UpsertAsync(knowledge.Id, [Indexed(segments[0])], Cancelled);
        Assert.Equal(segments[0].Id, Assert.Single(await index.SearchTextAsync(knowledge.Id, "salt", 5, Cancelled)).SegmentId);
    }

    [Fact]
    public async Task On_sqlite_nothing_is_counted()
    {
        await using var database = await TestDatabase.CreateAsync();
        var seed = new KnowledgeSeed(database, _workspace);
        var knowledge = await seed.BaseAsync();
        var (_, segments) = await seed.DocumentAsync(knowledge, "salt");
        await database.Get<ISegmentIndex>().UpsertAsync(knowledge.Id, [Indexed(segments[0])], Cancelled);

        await using var db = await database.Contexts.CreateDbContextAsync(Cancelled);
        Assert.Equal(0, (await db.KnowledgeBases.SingleAsync(Cancelled)).IndexRevision);
        Assert.False(database.Get<IndexRevisions>().Shared);
    }

    private static IndexedSegment Indexed(Segment segment) => new(segment.Id, segment.DocumentId, segment.Content, default);
}
