using System.Diagnostics;
using System.Runtime.InteropServices;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Dify.Tests.Benchmarks;

/// <summary>
/// Hybrid retrieval over 20,000 segments of 1,536 dimensions by the whole program: embedding the question (by
/// <c>builtin</c>, whose vectors are brought to that length), search, fusion, and reading the hits from SQLite.
/// </summary>
internal static class HybridSearchBenchmark
{
    private const int Segments = 20_000;
    private const int Questions = 400;

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var host = new DifyHost();
        host.StartOnPort();
        var accountId = await host.Get<SetupService>().SetUpAsync("a@example.com", "A", "secret-1234", null, null, cancellationToken);
        var actor = await host.Get<WorkspaceAccess>().GetActorAsync(accountId, cancellationToken: cancellationToken);
        var model = await host.Get<ModelRuntime>().GetEmbeddingModelAsync(actor.WorkspaceId, null, cancellationToken);
        var dimension = (await model.Generator.GenerateAsync(["x"], cancellationToken: cancellationToken))[0].Vector.Length;
        var sample = new SampleText(7);
        var knowledge = await SeedAsync(host, actor, sample, dimension, cancellationToken);

        var retriever = host.Get<Retriever>();
        var query = new RetrievalQuery { WorkspaceId = actor.WorkspaceId, KnowledgeBaseIds = [knowledge.Id], Text = "warm" };
        var load = Stopwatch.GetTimestamp();
        await retriever.RetrieveAsync(query, cancellationToken);
        var loaded = Stopwatch.GetElapsedTime(load).TotalSeconds;

        var times = new List<double>();
        for (var i = -50; i < Questions; i++)
        {
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

        times.Sort();
        return
        [
            Figure.Note($"dimensions of the vectors", dimension, ""),
            Figure.Note("index read from the store", loaded, "s"),
            Figure.Note("hybrid retrieval, 20,000 segments, median", times[Questions / 2], "ms"),
            new Figure("hybrid retrieval, 20,000 segments, p95", times[(int)Math.Ceiling(0.95 * Questions) - 1], "ms", 25, AtMost: true),
        ];
    }

    private static async Task<KnowledgeBase> SeedAsync(
        DifyHost host, Actor actor, SampleText sample, int dimension, CancellationToken cancellationToken)
    {
        var knowledge = new KnowledgeBase
        {
            WorkspaceId = actor.WorkspaceId,
            Name = "Large",
            IndexingTechnique = IndexingTechnique.HighQuality,
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
                Embedding = MemoryMarshal.AsBytes(sample.Vector(dimension).AsSpan()).ToArray(),
            }));
            await db.SaveChangesAsync(cancellationToken);
        }

        return knowledge;
    }
}
