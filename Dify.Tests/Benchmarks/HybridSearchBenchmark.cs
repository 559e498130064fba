using System.Diagnostics;
using System.Runtime.InteropServices;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models.Credentials;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Dify.Tests.Benchmarks;

/// <summary>
/// Hybrid retrieval over 20,000 segments of 1,536 dimensions by the whole program: embedding the question by a model
/// server in this process that answers at once, search, fusion, and reading the hits from SQLite.
/// </summary>
internal static class HybridSearchBenchmark
{
    private const int Segments = 20_000;
    private const int Dimension = 1536;
    private const int Questions = 400;

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var server = await FakeOpenAiServer.StartAsync();
        server.EmbeddingDimensions = Dimension;
        await using var host = new DifyHost();
        host.StartOnPort();
        var accountId = await host.Get<SetupService>().SetUpAsync("a@example.com", "A", "secret-1234", null, null, cancellationToken);
        var actor = await host.Get<WorkspaceAccess>().GetActorAsync(accountId, cancellationToken: cancellationToken);
        await host.Get<ProviderService>().SaveAsync(
            actor, "openai-compatible", new Dictionary<string, string?> { ["base_url"] = server.BaseUrl, ["api_key"] = "key" }, cancellationToken);
        var sample = new SampleText(7);
        var knowledge = await SeedAsync(host, actor, sample, cancellationToken);

        var retriever = host.Get<Retriever>();
        var query = new RetrievalQuery { WorkspaceId = actor.WorkspaceId, KnowledgeBaseIds = [knowledge.Id], Text = "warm" };
        var load = Stopwatch.GetTimestamp();
        await retriever.RetrieveAsync(query, cancellationToken);
        var loaded = Stopwatch.GetElapsedTime(load).TotalSeconds;

        var times = new List<double>();
        var processor = TimeSpan.Zero;
        for (var i = -50; i < Questions; i++)
        {
            processor = i == 0 ? Environment.CpuUsage.TotalTime : processor;
            var question = query with { Text = sample.Words(10) };
            var start = Stopwatch.GetTimestamp();
            var hits = await retriever.RetrieveAsync(question, cancellationToken);
            if (hits.Count == 0)
            {
                throw new InvalidOperationException("Nothing was found.");
            }

            if (i >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        var perQuestion = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / Questions;
        var index = host.Get<ISegmentIndex>();
        var (vectorOnly, textOnly) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < Questions; i++)
        {
            var vector = sample.Vector(Dimension);
            var text = sample.Words(10);
            var start = Environment.CpuUsage.TotalTime;
            await index.SearchVectorAsync(knowledge.Id, vector, 50, cancellationToken);
            var between = Environment.CpuUsage.TotalTime;
            await index.SearchTextAsync(knowledge.Id, text, 50, cancellationToken);
            vectorOnly += between - start;
            textOnly += Environment.CpuUsage.TotalTime - between;
        }

        times.Sort();
        return
        [
            Figure.Note("index read from the store", loaded, "s"),
            Figure.Note("hybrid retrieval, 20,000 x 1,536, median", times[Questions / 2], "ms"),
            Figure.Note("processor time a question, model server included", perQuestion, "ms"),
            Figure.Note("of it vector search", vectorOnly.TotalMilliseconds / Questions, "ms"),
            Figure.Note("of it full-text search", textOnly.TotalMilliseconds / Questions, "ms"),
            new Figure("hybrid retrieval, 20,000 x 1,536, p95", times[(int)Math.Ceiling(0.95 * Questions) - 1], "ms", 25, AtMost: true),
        ];
    }

    private static async Task<KnowledgeBase> SeedAsync(
        DifyHost host, Actor actor, SampleText sample, CancellationToken cancellationToken)
    {
        var knowledge = new KnowledgeBase
        {
            WorkspaceId = actor.WorkspaceId,
            Name = "Large",
            IndexingTechnique = IndexingTechnique.HighQuality,
            EmbeddingProvider = "openai-compatible",
            EmbeddingModel = "fake-embedding",
            Retrieval = new RetrievalSettings { SearchMethod = SearchMethod.HybridSearch, TopK = 5 },
        };
        var document = new Document
        {
            WorkspaceId = actor.WorkspaceId,
            KnowledgeBaseId = knowledge.Id,
            Name = "large.txt",
            Batch = "b",
            ProcessRule = new ProcessRule(),
            IndexingStatus = IndexingStatus.Completed,
        };
        var contexts = host.Get<IDbContextFactory<DifyDbContext>>();
        for (var i = 0; i < Segments; i += 500)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (i == 0)
            {
                db.AddRange(knowledge, document);
            }

            db.AddRange(Enumerable.Range(i, 500).Select(position => new Segment
            {
                WorkspaceId = actor.WorkspaceId,
                KnowledgeBaseId = knowledge.Id,
                DocumentId = document.Id,
                Position = position + 1,
                Content = sample.Words(80),
                CompletedAt = DateTimeOffset.UnixEpoch,
                Embedding = MemoryMarshal.AsBytes(sample.Vector(Dimension).AsSpan()).ToArray(),
            }));
            await db.SaveChangesAsync(cancellationToken);
        }

        return knowledge;
    }
}
