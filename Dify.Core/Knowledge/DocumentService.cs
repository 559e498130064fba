using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Extraction;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Ingestion;
using Dify.Core.Models;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Knowledge;

/// <summary>
/// Documents of a knowledge base. Indexing runs in the background: a document that is added is in the store when the
/// call returns, and ends completed or failed with a reason, whatever happens to the process.
/// </summary>
public sealed partial class DocumentService
{
    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly NewDocumentReader _incoming;
    private readonly FileService _files;
    private readonly DocumentReader _reader;
    private readonly ISegmentIndex _index;
    private readonly IndexingQueue _queue;
    private readonly TimeProvider _time;

    internal DocumentService(
        IDbContextFactory<DifyDbContext> contexts, NewDocumentReader incoming, FileService files, DocumentReader reader,
        ISegmentIndex index, IndexingQueue queue, TimeProvider time) =>
        (_contexts, _incoming, _files, _reader, _index, _queue, _time) = (contexts, incoming, files, reader, index, queue, time);

    /// <summary>Adds documents and starts their indexing.</summary>
    /// <exception cref="DifyException">
    /// <c>invalid_param</c> (nothing to add, bad rule, indexing technique missing), <c>too_many_files</c>, 413
    /// <c>file_too_large</c>, 415 <c>unsupported_file_type</c>, 404.
    /// </exception>
    public async Task<IReadOnlyList<Document>> AddAsync(
        Actor actor, Guid knowledgeBaseId, NewDocuments request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(request);
        KnowledgeBase knowledge;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            knowledge = await db.GetVisibleAsync(actor, knowledgeBaseId, cancellationToken);
        }

        var settings = request.Retrieval is null ? null : KnowledgeRules.Settings(request.Retrieval);
        var (technique, model) = await _incoming.ChooseIndexAsync(actor, knowledge, request, cancellationToken);
        var (files, rule) = await _incoming.ReadAsync(actor, request, cancellationToken);
        var documents = await StoreAsync(
            actor, knowledge, request.CreatedFrom, files, rule,
            k =>
            {
                // Another call may have chosen first; what stands in the row counts.
                k.IndexingTechnique ??= technique;
                if (k.EmbeddingModel is null && model is not null)
                {
                    (k.EmbeddingProvider, k.EmbeddingModel) = (model.Provider, model.Name);
                }

                k.Retrieval = settings ?? k.Retrieval;
            },
            cancellationToken);
        foreach (var document in documents)
        {
            await _queue.EnqueueAsync(knowledge.Id, document.Id, document.JobNumber, cancellationToken: cancellationToken);
        }

        return documents;
    }

    /// <summary>Newest first.</summary>
    public async Task<Page<Document>> ListAsync(
        Actor actor, Guid knowledgeBaseId, DocumentFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(filter);
        var (skip, limit) = KnowledgeRules.Page(filter.Page, filter.Limit);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var knowledge = await db.GetVisibleAsync(actor, knowledgeBaseId, cancellationToken);
        var found = db.Documents.AsNoTracking().Where(d => d.KnowledgeBaseId == knowledge.Id);
        if (!string.IsNullOrWhiteSpace(filter.Keyword))
        {
            var pattern = KnowledgeRules.Like(filter.Keyword);
            found = db.Database.IsNpgsql()
                ? found.Where(d => EF.Functions.ILike(d.Name, pattern, "\\"))
                : found.Where(d => EF.Functions.Like(d.Name, pattern, "\\"));
        }

        found = filter.Status is { } status ? found.Where(Shows(status)) : found;
        var total = await found.CountAsync(cancellationToken);
        var rows = await found.OrderByDescending(d => d.Position).ThenByDescending(d => d.Id)
            .Skip(skip).Take(limit).ToListAsync(cancellationToken);
        return new Page<Document>(rows, total, skip + rows.Count < total);
    }

    public async Task<Document> GetAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return (await db.GetVisibleAsync(actor, knowledgeBaseId, documentId, cancellationToken)).Document;
    }

    /// <summary>The documents of one upload, in their order; 404 when the batch is unknown. Cheap enough to poll.</summary>
    public async Task<IReadOnlyList<Document>> GetBatchAsync(
        Actor actor, Guid knowledgeBaseId, string batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var knowledge = await db.GetVisibleAsync(actor, knowledgeBaseId, cancellationToken);
        var rows = await db.Documents.AsNoTracking()
            .Where(d => d.KnowledgeBaseId == knowledge.Id && d.Batch == batch)
            .OrderBy(d => d.Position).ToListAsync(cancellationToken);
        return rows.Count > 0 ? rows : throw DifyException.NotFound("Documents not found.");
    }

    public async Task<Document> RenameAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var clean = KnowledgeRules.DocumentName(name);
        var now = _time.GetUtcNow();
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var (_, document) = await db.GetVisibleAsync(actor, knowledgeBaseId, documentId, cancellationToken);
        RequireOpen(document);
        await db.Documents.Where(d => d.Id == documentId)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Name, clean).SetProperty(d => d.UpdatedAt, now), cancellationToken);
        document.Name = clean;
        return document;
    }

    /// <summary>Cuts an uploaded file by a rule without storing anything, by the very steps that indexing takes.</summary>
    /// <param name="limit">Chunks in the answer, 1 to 200.</param>
    /// <exception cref="DifyException"><c>invalid_param</c> with the reason when the file has no readable text.</exception>
    public async Task<ChunkPreview> PreviewAsync(
        Actor actor, Guid fileId, ProcessRule rule, int limit = 20, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(rule);
        actor.Require(Permission.UseKnowledgeBases);
        rule = rule.Validated();
        var file = await _files.GetAsync(actor.WorkspaceId, fileId, cancellationToken);
        await _incoming.RequireReadableAsync(actor, file, cancellationToken);

        // Off the caller's thread: a page must go on answering while a long file is read.
        var chunks = await Task.Run(
            async () =>
            {
                var text = await _reader.ReadAsync(file, cancellationToken);
                return DocumentChunker.Cut(DocumentChunker.Clean(text, rule), rule);
            },
            cancellationToken);
        return new ChunkPreview(file.Name, chunks.Count, [.. chunks.Take(Math.Clamp(limit, 1, 200))]);
    }

    private static System.Linq.Expressions.Expression<Func<Document, bool>> Shows(DocumentDisplayStatus status) => status switch
    {
        DocumentDisplayStatus.Archived => d => d.Archived,
        DocumentDisplayStatus.Error => d => !d.Archived && d.IndexingStatus == IndexingStatus.Error,
        DocumentDisplayStatus.Available => d => !d.Archived && d.IndexingStatus == IndexingStatus.Completed && d.Enabled,
        DocumentDisplayStatus.Disabled => d => !d.Archived && d.IndexingStatus == IndexingStatus.Completed && !d.Enabled,
        DocumentDisplayStatus.Paused => d => !d.Archived && d.IndexingStatus == IndexingStatus.Paused,
        DocumentDisplayStatus.Queuing => d => !d.Archived && d.IndexingStatus == IndexingStatus.Waiting,
        _ => d => !d.Archived && (d.IndexingStatus == IndexingStatus.Parsing || d.IndexingStatus == IndexingStatus.Cleaning
            || d.IndexingStatus == IndexingStatus.Splitting || d.IndexingStatus == IndexingStatus.Indexing),
    };

    private static void RequireOpen(Document document)
    {
        if (document.Archived)
        {
            throw new DifyException(
                ErrorCodes.ArchivedDocumentImmutable, "The archived document is not editable. Take it out of the archive first.", 403);
        }
    }

    private async Task<List<Document>> StoreAsync(
        Actor actor, KnowledgeBase knowledge, string createdFrom, List<(UploadedFile File, string Name)> files, ProcessRule rule,
        Action<KnowledgeBase> choose, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var batch = _incoming.NewBatch();
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // The base's row first: on PostgreSQL its lock makes positions and the choice of the index one at a time.
        await db.KnowledgeBases.Where(k => k.Id == knowledge.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.UpdatedAt, now), cancellationToken);
        var row = await db.KnowledgeBases.FirstOrDefaultAsync(k => k.Id == knowledge.Id, cancellationToken)
            ?? throw DifyException.NotFound("Dataset not found.");
        choose(row);
        var position = await db.Documents.Where(d => d.KnowledgeBaseId == knowledge.Id)
            .MaxAsync(d => (int?)d.Position, cancellationToken) ?? 0;
        var documents = files.ConvertAll(one => new Document
        {
            WorkspaceId = actor.WorkspaceId,
            KnowledgeBaseId = knowledge.Id,
            Position = ++position,
            Name = one.Name,
            Batch = batch,
            FileId = one.File.Id,
            ProcessRule = rule,
            CreatedFrom = createdFrom == "api" ? "api" : "web",
            CreatedBy = actor.AccountId,
            CreatedAt = now,
            UpdatedAt = now,
        });
        db.Documents.AddRange(documents);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return documents;
    }
}
