using System.Diagnostics;
using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Storage;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Knowledge.Ingestion;

public sealed class IndexingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_document_is_found_once_its_job_has_run(DatabaseKind kind)
    {
        await using var world = await KnowledgeWorld.CreateAsync(kind);
        foreach (var technique in Enum.GetValues<IndexingTechnique>())
        {
            var knowledge = await world.BaseAsync(technique);
            var document = await world.TextAsync(knowledge, "The capital of Burgundy is Dijon.\n\nMustard is made there.");
            Assert.Equal(IndexingStatus.Waiting, document.IndexingStatus);
            await world.RunJobsAsync();

            var done = await world.DocumentAsync(document);
            Assert.Equal(IndexingStatus.Completed, done.IndexingStatus);
            Assert.Equal(DocumentDisplayStatus.Available, done.DisplayStatus);
            Assert.Equal(done.SegmentCount, done.CompletedSegments);
            Assert.True(done.ProcessingStartedAt <= done.ParsingCompletedAt && done.ParsingCompletedAt <= done.CleaningCompletedAt
                && done.CleaningCompletedAt <= done.SplittingCompletedAt && done.SplittingCompletedAt <= done.CompletedAt);
            var segments = await world.SegmentsAsync(document);
            Assert.All(segments, s => Assert.Equal(technique == IndexingTechnique.HighQuality, s.Embedding is not null));
            Assert.All(segments, s => Assert.Equal(technique == IndexingTechnique.Economy, s.Keywords.Count > 0));

            var hits = await world.Database.Get<Retriever>().RetrieveAsync(
                new RetrievalQuery { WorkspaceId = world.Owner.WorkspaceId, KnowledgeBaseIds = [knowledge], Text = "capital Burgundy" }, Stop);
            Assert.Contains("Dijon", Assert.Single(hits).Content, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_the_preview_shows_is_what_is_stored()
    {
        await using var world = await KnowledgeWorld.CreateAsync();
        var knowledge = await world.BaseAsync(IndexingTechnique.Economy);
        var rule = new ProcessRule { Mode = "custom", Separator = "\\n", MaxLength = 300, Overlap = 40, RemoveUrlsEmails = true };
        foreach (var name in (string[])["layout-parser-paper-fast.pdf", "handbook-1p.docx", "example-10k-1p.html", "stanley-cups.xlsx", "korean-text-with-tables.pdf"])
        {
            await using var content = File.OpenRead(SharedFolder.PathOf("documents/" + name));
            var file = await world.UploadAsync(name, content);
            var preview = await world.Documents.PreviewAsync(world.Owner, file.Id, rule, 200, Stop);
            var document = (await world.Documents.AddAsync(
                world.Owner, knowledge, new NewDocuments { FileIds = [file.Id], ProcessRule = rule }, Stop))[0];
            await world.RunJobsAsync();
            var stored = await world.SegmentsAsync(document);
            Assert.Equal(preview.Total, stored.Count);
            Assert.Equal(preview.Chunks, stored.Take(200).Select(s => s.Content));
            Assert.All(stored, s => Assert.InRange(s.Content.Length, 1, 300));
        }
    }

    [Fact]
    public async Task An_empty_file_fails_with_the_reason_that_there_is_no_text()
    {
        await using var world = await KnowledgeWorld.CreateAsync();
        var knowledge = await world.BaseAsync();
        var file = await world.UploadAsync("empty.txt", new MemoryStream());
        var document = (await world.Documents.AddAsync(world.Owner, knowledge, new NewDocuments { FileIds = [file.Id] }, Stop))[0];
        await world.RunJobsAsync();
        var failed = await world.DocumentAsync(document);
        Assert.Equal(IndexingStatus.Error, failed.IndexingStatus);
        Assert.Contains("no text", failed.Error, StringComparison.Ordinal);
        Assert.NotNull(failed.StoppedAt);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_paused_document_waits_and_goes_on_without_doubling_a_segment(DatabaseKind kind)
    {
        await using var world = await KnowledgeWorld.CreateAsync(kind);
        var knowledge = await world.BaseAsync();
        var document = await world.TextAsync(knowledge, SampleText(60_000));
        await world.Documents.PauseAsync(world.Owner, knowledge, document.Id, Stop);
        await world.RunJobsAsync();
        var paused = await world.DocumentAsync(document);
        Assert.Equal(IndexingStatus.Paused, paused.IndexingStatus);
        Assert.Empty(await world.SegmentsAsync(document));
        await AssertCodeAsync(ErrorCodes.InvalidAction, () => world.Documents.PauseAsync(world.Owner, knowledge, document.Id, Stop));

        await world.Documents.ResumeAsync(world.Owner, knowledge, document.Id, Stop);
        await world.RunJobsAsync();
        var done = await world.DocumentAsync(document);
        Assert.Equal(IndexingStatus.Completed, done.IndexingStatus);
        var segments = await world.SegmentsAsync(document);
        Assert.Equal(Enumerable.Range(1, done.SegmentCount), segments.Select(s => s.Position));
        await AssertCodeAsync(ErrorCodes.InvalidAction, () => world.Documents.ResumeAsync(world.Owner, knowledge, document.Id, Stop));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Another_rule_replaces_the_segments(DatabaseKind kind)
    {
        await using var world = await KnowledgeWorld.CreateAsync(kind);
        var knowledge = await world.BaseAsync();
        var document = await world.TextAsync(knowledge, "alpha beta\ngamma delta\nepsilon");
        await world.RunJobsAsync();
        Assert.Single(await world.SegmentsAsync(document));
        await world.Documents.ReprocessAsync(
            world.Owner, knowledge, document.Id, new ProcessRule { Mode = "custom", Separator = "\\n", MaxLength = 100, Overlap = 0 }, Stop);
        await world.RunJobsAsync();
        Assert.Equal(["alpha beta", "gamma delta", "epsilon"], (await world.SegmentsAsync(document)).Select(s => s.Content));
        var hits = await world.Database.Get<Retriever>().RetrieveAsync(
            new RetrievalQuery { WorkspaceId = world.Owner.WorkspaceId, KnowledgeBaseIds = [knowledge], Text = "gamma" }, Stop);
        Assert.Equal("gamma delta", hits[0].Content);
    }

    [Fact]
    public async Task A_job_that_was_overtaken_changes_nothing()
    {
        await using var world = await KnowledgeWorld.CreateAsync();
        var knowledge = await world.BaseAsync(IndexingTechnique.Economy);
        var document = await world.TextAsync(knowledge, "first");
        var indexer = world.Database.Get<Dify.Core.Knowledge.Ingestion.DocumentIndexer>();
        await indexer.RunAsync(document.Id, document.JobNumber - 1, Stop);
        Assert.Equal(IndexingStatus.Waiting, (await world.DocumentAsync(document)).IndexingStatus);
        await indexer.RunAsync(document.Id, document.JobNumber, Stop);
        await indexer.RunAsync(document.Id, document.JobNumber, Stop);
        Assert.Single(await world.SegmentsAsync(document));
    }

    [Fact]
    public async Task A_step_to_high_quality_embeds_every_segment_and_keeps_what_was_edited()
    {
        await using var world = await KnowledgeWorld.CreateAsync();
        var knowledge = await world.BaseAsync(IndexingTechnique.Economy);
        var document = await world.TextAsync(knowledge, "The quick brown fox");
        await world.RunJobsAsync();
        var segment = Assert.Single(await world.SegmentsAsync(document));
        await world.Segments.UpdateAsync(world.Owner, knowledge, document.Id, segment.Id, new SegmentChanges("The slow red fox"), Stop);

        var changed = await world.Bases.UpdateAsync(
            world.Owner, knowledge, new KnowledgeChanges { IndexingTechnique = IndexingTechnique.HighQuality }, Stop);
        Assert.NotNull(changed.KnowledgeBase.EmbeddingModel);
        await world.RunJobsAsync();
        var embedded = Assert.Single(await world.SegmentsAsync(document));
        Assert.Equal("The slow red fox", embedded.Content);
        Assert.NotNull(embedded.Embedding);
        Assert.Equal(IndexingStatus.Completed, (await world.DocumentAsync(document)).IndexingStatus);
        await AssertCodeAsync(ErrorCodes.InvalidParam, () => world.Bases.UpdateAsync(
            world.Owner, knowledge, new KnowledgeChanges { IndexingTechnique = IndexingTechnique.Economy }, Stop));
    }

    [Fact]
    public async Task One_megabyte_of_text_is_searchable_soon()
    {
        await using var world = await KnowledgeWorld.CreateAsync();
        var knowledge = await world.BaseAsync();
        await world.TextAsync(knowledge, SampleText(20_000));
        await world.RunJobsAsync();

        var document = await world.TextAsync(knowledge, SampleText(1 << 20));
        var start = Stopwatch.GetTimestamp();
        await world.RunJobsAsync();
        var elapsed = Stopwatch.GetElapsedTime(start);
        var done = await world.DocumentAsync(document);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"1 MB, {done.SegmentCount} segments: {elapsed.TotalMilliseconds:0} ms; parsed {(done.ParsingCompletedAt - done.ProcessingStartedAt)?.TotalMilliseconds:0}, "
            + $"cleaned {(done.CleaningCompletedAt - done.ParsingCompletedAt)?.TotalMilliseconds:0}, split {(done.SplittingCompletedAt - done.CleaningCompletedAt)?.TotalMilliseconds:0}, "
            + $"indexed {(done.CompletedAt - done.SplittingCompletedAt)?.TotalMilliseconds:0} ms");
        Assert.Equal(IndexingStatus.Completed, done.IndexingStatus);
        Assert.True(elapsed < TimeSpan.FromSeconds(10), elapsed.ToString());
    }

    /// <summary>Prose of varying words, the same on each run.</summary>
    internal static string SampleText(int length)
    {
        string[] words = ["river", "mountain", "winter", "market", "engine", "letter", "garden", "signal", "copper", "window", "harbour", "island"];
        var text = new System.Text.StringBuilder(length + 20);
        for (var i = 0; text.Length < length; i++)
        {
            text.Append(words[(i * 7 + (i / 11)) % words.Length]).Append(i % 97 == 0 ? i.ToString(System.Globalization.CultureInfo.InvariantCulture) : "")
                .Append(i % 13 == 12 ? ". " : " ").Append(i % 140 == 139 ? "\n\n" : "");
        }

        return text.ToString();
    }

    internal static async Task AssertCodeAsync(string code, Func<Task> action) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<DifyException>(action)).Code);
}
