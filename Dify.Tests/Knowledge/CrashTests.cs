using System.Security.Cryptography;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Tests.Knowledge.Ingestion;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Knowledge;

/// <summary>The real program, killed without warning in the middle of its work.</summary>
[Collection(AloneCollection.Name)]
public sealed class CrashTests
{
    private const int Kills = 4;
    private const int DocumentsARound = 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_kills_at_random_moments_every_document_ends_and_no_segment_is_lost_or_doubled()
    {
        var folder = Directory.CreateTempSubdirectory("dify-crash-").FullName;
        var acknowledged = new Dictionary<Guid, string>();
        var interrupted = 0;
        DatasetClient? client = null;
        var dataset = "";
        for (var round = 0; round < Kills; round++)
        {
            await using var program = await DifyProcess.StartAsync(folder, cancellationToken: Stop);
            client = client?.On(program.Client) ?? new DatasetClient(program.Client);
            if (round == 0)
            {
                await client.SetUpAsync();
                dataset = await client.CreateDatasetAsync("Crash");
            }

            for (var i = 0; i < DocumentsARound; i++)
            {
                var text = $"Document {round}.{i}. " + IndexingTests.SampleText(150_000);
                var answer = await client.V1Async(HttpMethod.Post, $"/datasets/{dataset}/document/create-by-text", new
                {
                    name = $"Document {round}.{i}",
                    text,
                    indexing_technique = "high_quality",
                    process_rule = new { mode = "custom", rules = new { segmentation = new { separator = "\n\n", max_tokens = 500, chunk_overlap = 50 } } },
                });
                acknowledged[Guid.Parse(answer["document"]!["id"]!.GetValue<string>())] = text;
            }

            var broken = await client.CreateByFileAsync(dataset, "empty.txt", []);
            acknowledged[Guid.Parse(broken["document"]!["id"]!.GetValue<string>())] = "";

            // Not to wait for anything: the moment of the kill is what is varied.
            await Task.Delay(RandomNumberGenerator.GetInt32(1, 400), Stop);
            await program.KillAsync();
            interrupted += await UnfinishedAsync(folder);
        }

        Assert.True(interrupted > 0, "Every document was finished before each kill: the test has not tested anything.");
        await using (var program = await DifyProcess.StartAsync(folder, cancellationToken: Stop))
        {
            await WaitForAllAsync(client!.On(program.Client), dataset, acknowledged.Count);
            var found = await client.On(program.Client).V1Async(
                HttpMethod.Post, $"/datasets/{dataset}/retrieve", new { query = "copper window harbour" });
            Assert.NotEmpty(found["records"]!.AsArray());
        }

        await CheckAsync(folder, acknowledged);
        await TemporaryFolder.DeleteAsync(folder);
    }

    private static async Task WaitForAllAsync(DatasetClient client, string dataset, int count)
    {
        while (true)
        {
            var page = await client.V1Async(HttpMethod.Get, $"/datasets/{dataset}/documents?limit=100");
            Assert.Equal(count, page["total"]!.GetValue<int>());
            if (page["data"]!.AsArray().All(d => d!["indexing_status"]!.GetValue<string>() is "completed" or "error"))
            {
                return;
            }

            await Task.Delay(100, Stop);
        }
    }

    private static async Task<int> UnfinishedAsync(string folder)
    {
        await using var database = await OpenAsync(folder);
        await using var db = await database.Contexts.CreateDbContextAsync(Stop);
        return await db.Documents.CountAsync(
            d => d.IndexingStatus != IndexingStatus.Completed && d.IndexingStatus != IndexingStatus.Error, Stop);
    }

    private static async Task CheckAsync(string folder, Dictionary<Guid, string> acknowledged)
    {
        await using var database = await OpenAsync(folder);
        await using var db = await database.Contexts.CreateDbContextAsync(Stop);
        var documents = await db.Documents.AsNoTracking().ToListAsync(Stop);
        Assert.Equal(acknowledged.Keys.Order(), documents.Select(d => d.Id).Order());
        foreach (var document in documents)
        {
            var segments = await db.Segments.AsNoTracking().Where(s => s.DocumentId == document.Id).OrderBy(s => s.Position).ToListAsync(Stop);
            if (acknowledged[document.Id].Length == 0)
            {
                Assert.Equal(IndexingStatus.Error, document.IndexingStatus);
                Assert.Contains("no text", document.Error, StringComparison.Ordinal);
                Assert.Empty(segments);
                continue;
            }

            Assert.Equal(IndexingStatus.Completed, document.IndexingStatus);
            var expected = DocumentChunker.Cut(
                DocumentChunker.Clean(acknowledged[document.Id], document.ProcessRule), document.ProcessRule);
            Assert.Equal(expected, segments.Select(s => s.Content));
            Assert.Equal(Enumerable.Range(1, expected.Count), segments.Select(s => s.Position));
            Assert.All(segments, s => Assert.True(s.CompletedAt is not null && s.Embedding is { Length: > 0 }));
            Assert.Equal((expected.Count, expected.Count), (document.SegmentCount, document.CompletedSegments));
        }
    }

    private static Task<TestDatabase> OpenAsync(string folder) =>
        TestDatabase.CreateAsync(settings: [new("DIFY_DATA_DIR", folder)]);
}
