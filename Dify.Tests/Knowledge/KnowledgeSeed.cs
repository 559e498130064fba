using System.Runtime.InteropServices;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Retrieval;
using Dify.Tests.Support;

namespace Dify.Tests.Knowledge;

/// <summary>Writes finished knowledge bases straight into the store.</summary>
internal sealed class KnowledgeSeed(TestDatabase database, Guid workspaceId, Guid createdBy = default)
{
    private int _names;

    public async Task<KnowledgeBase> BaseAsync(
        IndexingTechnique technique = IndexingTechnique.HighQuality, RetrievalSettings? retrieval = null)
    {
        var knowledge = new KnowledgeBase
        {
            WorkspaceId = workspaceId,
            CreatedBy = createdBy,
            Name = $"Base {++_names}",
            IndexingTechnique = technique,
            Retrieval = retrieval ?? new RetrievalSettings { SearchMethod = SearchMethod.FullTextSearch },
        };
        await SaveAsync(knowledge);
        return knowledge;
    }

    public Task<(Document Document, List<Segment> Segments)> DocumentAsync(KnowledgeBase knowledge, params string[] texts) =>
        DocumentAsync(knowledge, [.. texts.Select(text => (text, (float[]?)null))]);

    public async Task<(Document Document, List<Segment> Segments)> DocumentAsync(
        KnowledgeBase knowledge, params (string Text, float[]? Vector)[] chunks)
    {
        var document = new Document
        {
            WorkspaceId = workspaceId,
            KnowledgeBaseId = knowledge.Id,
            Position = ++_names,
            Name = $"Document {_names}.txt",
            Batch = "b",
            ProcessRule = new ProcessRule(),
            IndexingStatus = IndexingStatus.Completed,
            CreatedBy = createdBy,
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        var segments = chunks.Select((chunk, i) => new Segment
        {
            WorkspaceId = workspaceId,
            KnowledgeBaseId = knowledge.Id,
            DocumentId = document.Id,
            Position = i + 1,
            Content = chunk.Text,
            WordCount = chunk.Text.Length,
            CompletedAt = DateTimeOffset.UnixEpoch,
            Embedding = chunk.Vector is null ? null : MemoryMarshal.AsBytes(chunk.Vector.AsSpan()).ToArray(),
        }).ToList();
        await SaveAsync([document, .. segments]);
        return (document, segments);
    }

    public async Task SaveAsync(params object[] entities)
    {
        await using var db = await database.Contexts.CreateDbContextAsync();
        db.AddRange(entities);
        await db.SaveChangesAsync();
    }

    public async Task ChangeAsync<T>(T entity, Action<T> change)
        where T : class
    {
        await using var db = await database.Contexts.CreateDbContextAsync();
        db.Attach(entity);
        change(entity);
        await db.SaveChangesAsync();
    }
}
