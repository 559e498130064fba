using System.Runtime.InteropServices;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Models;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;

namespace Dify.Core.Knowledge.Ingestion;

/// <summary>Makes stored segments searchable: embeds them where the base has vectors, and puts them into the index.</summary>
internal sealed class SegmentEmbedder(IDbContextFactory<DifyDbContext> contexts, ModelRuntime models, ISegmentIndex index)
{
    private const int KeywordBatch = 512;
    private const int LargestBatch = 256;

    /// <summary>Goes through the segments of a document that are not searchable yet, in their order.</summary>
    public async Task EmbedAsync(DocumentRun run, KnowledgeBase knowledge, CancellationToken cancellationToken)
    {
        var model = knowledge.IndexingTechnique == IndexingTechnique.HighQuality
            ? await models.GetEmbeddingModelAsync(knowledge.WorkspaceId, ModelOf(knowledge), cancellationToken)
            : null;
        await IndexFinishedAsync(run, cancellationToken);

        var batchSize = model is null ? KeywordBatch : Math.Clamp(model.BatchSize, 1, LargestBatch);
        var batch = await NextAsync(run.DocumentId, 0, batchSize, cancellationToken);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var embedding = Start(batch);
        var indexed = Task.CompletedTask;
        try
        {
            while (batch.Count > 0)
            {
                // While one batch is stored, the next is embedded and the one before goes into the index.
                var vectors = await embedding;
                var next = await NextAsync(run.DocumentId, batch[^1].Position, batchSize, cancellationToken);
                embedding = Start(next);
                await StoreAsync(run, batch, vectors, cancellationToken);
                run.HasProgressed = true;
                await indexed;
                var ready = ToIndexed(batch, run.DocumentId, vectors);
                indexed = Task.Run(() => index.UpsertAsync(knowledge.Id, ready, cancellationToken), cancellationToken);
                batch = next;
            }

            await indexed;
        }
        finally
        {
            await broken.CancelAsync();
            await Task.WhenAll(embedding, indexed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<IReadOnlyList<ReadOnlyMemory<float>>?> Start(List<Pending> pending) => model is null || pending.Count == 0
            ? Task.FromResult<IReadOnlyList<ReadOnlyMemory<float>>?>(null)
            : Task.Run<IReadOnlyList<ReadOnlyMemory<float>>?>(
                async () => await EmbedAsync(model, pending.ConvertAll(s => s.Content), broken.Token), broken.Token);
    }

    /// <summary>One vector for each text.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(
        KnowledgeBase knowledge, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var model = await models.GetEmbeddingModelAsync(knowledge.WorkspaceId, ModelOf(knowledge), cancellationToken);
        var vectors = new List<ReadOnlyMemory<float>>(texts.Count);
        foreach (var batch in texts.Chunk(Math.Clamp(model.BatchSize, 1, LargestBatch)))
        {
            vectors.AddRange(await EmbedAsync(model, batch, cancellationToken));
        }

        return vectors;
    }

    public static byte[] ToBytes(ReadOnlyMemory<float> vector) => MemoryMarshal.AsBytes(vector.Span).ToArray();

    private static ModelReference? ModelOf(KnowledgeBase knowledge) =>
        knowledge is { EmbeddingProvider: { } provider, EmbeddingModel: { } name } ? ModelReference.Parse(provider, name) : null;

    private static async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(
        EmbeddingModel model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var answer = await model.Generator.GenerateAsync(texts, cancellationToken: cancellationToken);
        return answer.Count == texts.Count
            ? [.. answer.Select(embedding => embedding.Vector)]
            : throw new Common.DifyException(
                Common.ErrorCodes.CompletionRequestError,
                $"The embedding model answered {answer.Count} vectors for {texts.Count} texts. Choose another embedding model.");
    }

    /// <summary>A run that is continued: what an earlier one stored may not have reached the index before it ended.</summary>
    private async Task IndexFinishedAsync(DocumentRun run, CancellationToken cancellationToken)
    {
        var last = 0;
        while (true)
        {
            List<(Guid Id, int Position, string Content, byte[]? Embedding)> rows;
            await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
            {
                rows = (await db.Segments.AsNoTracking()
                        .Where(s => s.DocumentId == run.DocumentId && s.Position > last && s.CompletedAt != null && s.Enabled)
                        .OrderBy(s => s.Position).Take(KeywordBatch)
                        .Select(s => new { s.Id, s.Position, s.Content, s.Embedding })
                        .ToListAsync(cancellationToken))
                    .ConvertAll(s => (s.Id, s.Position, s.Content, s.Embedding));
            }

            if (rows.Count == 0)
            {
                return;
            }

            await index.UpsertAsync(
                run.KnowledgeBaseId,
                rows.ConvertAll(s => new IndexedSegment(s.Id, run.DocumentId, s.Content, ToVector(s.Embedding))),
                cancellationToken);
            last = rows[^1].Position;
        }
    }

    internal static ReadOnlyMemory<float> ToVector(byte[]? bytes) =>
        bytes is null ? default : MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    private async Task<List<Pending>> NextAsync(Guid documentId, int after, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Segments.AsNoTracking()
            .Where(s => s.DocumentId == documentId && s.Position > after && s.CompletedAt == null)
            .OrderBy(s => s.Position).Take(count)
            .Select(s => new Pending(s.Id, s.Position, s.Content, s.Enabled))
            .ToListAsync(cancellationToken);
    }

    private static async Task StoreAsync(
        DocumentRun run, List<Pending> batch, IReadOnlyList<ReadOnlyMemory<float>>? vectors, CancellationToken cancellationToken)
    {
        var now = run.Now;
        await run.SetAsync(
            set => set
                .SetProperty(d => d.CompletedSegments, d => d.CompletedSegments + batch.Count)
                .SetProperty(d => d.Attempts, 1),
            db =>
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    var segment = db.Segments.Attach(new Segment { Id = batch[i].Id, Content = batch[i].Content });
                    segment.Entity.CompletedAt = now;
                    segment.Property(s => s.CompletedAt).IsModified = true;
                    if (vectors is not null)
                    {
                        segment.Entity.Embedding = ToBytes(vectors[i]);
                        segment.Property(s => s.Embedding).IsModified = true;
                    }
                }

                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private static List<IndexedSegment> ToIndexed(
        List<Pending> batch, Guid documentId, IReadOnlyList<ReadOnlyMemory<float>>? vectors)
    {
        var indexed = new List<IndexedSegment>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch[i].Enabled)
            {
                indexed.Add(new IndexedSegment(batch[i].Id, documentId, batch[i].Content, vectors is null ? default : vectors[i]));
            }
        }

        return indexed;
    }

    private sealed record Pending(Guid Id, int Position, string Content, bool Enabled);
}
