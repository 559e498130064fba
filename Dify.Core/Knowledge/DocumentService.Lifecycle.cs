using Dify.Core.Common;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Ingestion;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Knowledge;

public sealed partial class DocumentService
{
    private const int IndexBatch = 512;

    /// <summary>Includes documents in retrieval, or takes them out.</summary>
    /// <exception cref="DifyException"><c>invalid_action</c> when one of them is not completed; then none is changed.</exception>
    public Task SetEnabledAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds, bool enabled, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        DateTimeOffset? disabledAt = enabled ? null : _time.GetUtcNow();
        Guid? disabledBy = enabled ? null : actor.AccountId;
        return SwitchAsync(
            actor, knowledgeBaseId, documentIds,
            documents => documents.ExecuteUpdateAsync(
                set => set
                    .SetProperty(d => d.Enabled, enabled)
                    .SetProperty(d => d.DisabledAt, disabledAt)
                    .SetProperty(d => d.DisabledBy, disabledBy),
                cancellationToken),
            cancellationToken);
    }

    /// <summary>Archived documents are kept, not searched and not edited.</summary>
    /// <inheritdoc cref="SetEnabledAsync"/>
    public Task SetArchivedAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds, bool archived, CancellationToken cancellationToken = default) =>
        SwitchAsync(
            actor, knowledgeBaseId, documentIds,
            documents => documents.ExecuteUpdateAsync(set => set.SetProperty(d => d.Archived, archived), cancellationToken),
            cancellationToken);

    /// <summary>Stops the indexing; the batch in work is done again when it goes on.</summary>
    /// <exception cref="DifyException"><c>invalid_action</c> when the document is not being indexed.</exception>
    public async Task PauseAsync(Actor actor, Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        DateTimeOffset? now = _time.GetUtcNow();
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await db.GetVisibleAsync(actor, knowledgeBaseId, documentId, cancellationToken);
        var paused = await db.Documents
            .Where(d => d.Id == documentId && !d.IsPaused
                && d.IndexingStatus != IndexingStatus.Completed && d.IndexingStatus != IndexingStatus.Error)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(d => d.IsPaused, true)
                    .SetProperty(d => d.IndexingStatus, IndexingStatus.Paused)
                    .SetProperty(d => d.PausedAt, now)
                    .SetProperty(d => d.JobNumber, d => d.JobNumber + 1),
                cancellationToken);
        if (paused == 0)
        {
            throw new DifyException(ErrorCodes.InvalidAction, "The document is not being indexed, so there is nothing to pause.");
        }

        _queue.Report(knowledgeBaseId, documentId);
    }

    /// <summary>Goes on where a paused document stopped.</summary>
    /// <exception cref="DifyException"><c>invalid_action</c> when the document is not paused.</exception>
    public async Task ResumeAsync(Actor actor, Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (await RestartAsync(actor, knowledgeBaseId, [documentId], d => d.IsPaused, cancellationToken) == 0)
        {
            throw new DifyException(ErrorCodes.InvalidAction, "The document is not paused.");
        }
    }

    /// <summary>Starts failed documents again; those that did not fail are left as they are.</summary>
    public Task RetryAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return RestartAsync(
            actor, knowledgeBaseId, documentIds, d => d.IndexingStatus == IndexingStatus.Error && !d.Archived, cancellationToken);
    }

    /// <summary>Cuts the document anew by another rule; its segments are replaced.</summary>
    public async Task<Document> ReprocessAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, ProcessRule rule, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(rule);
        rule = rule.Validated();
        return await StartOverAsync(actor, knowledgeBaseId, documentId, document => document.ProcessRule = rule, cancellationToken);
    }

    /// <summary>Gives the document other content (a file or a text) and indexes it anew.</summary>
    /// <exception cref="DifyException">As for adding; <c>invalid_param</c> unless there is exactly one content.</exception>
    public async Task<Document> ReplaceAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, NewDocuments content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(content);
        var before = await GetAsync(actor, knowledgeBaseId, documentId, cancellationToken);
        RequireOpen(before);
        if (content.FileIds.Count + content.Texts.Count != 1)
        {
            throw DifyException.Invalid("Send one file or one text.");
        }

        var (files, rule) = await _incoming.ReadAsync(actor, content, cancellationToken);
        var document = await StartOverAsync(
            actor, knowledgeBaseId, documentId,
            row => (row.FileId, row.Name, row.ProcessRule, row.Batch) = (files[0].File.Id, files[0].Name, rule, _incoming.NewBatch()),
            cancellationToken);
        await DeleteUnusedFilesAsync(actor, [before.FileId], cancellationToken);
        return document;
    }

    /// <exception cref="DifyException">403 <c>archived_document_immutable</c>; then none is deleted.</exception>
    public async Task DeleteAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        List<Document> documents;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            documents = await FindAsync(db, actor, knowledgeBaseId, documentIds, cancellationToken);
            documents.ForEach(RequireOpen);
            var ids = documents.ConvertAll(d => d.Id);
            await db.Documents.Where(d => ids.Contains(d.Id)).ExecuteDeleteAsync(cancellationToken);
        }

        foreach (var document in documents)
        {
            await _index.RemoveDocumentAsync(knowledgeBaseId, document.Id, cancellationToken);
            _queue.Report(knowledgeBaseId, document.Id);
        }

        await DeleteUnusedFilesAsync(actor, documents.Select(d => d.FileId), cancellationToken);
    }

    private static async Task<List<Document>> FindAsync(
        DifyDbContext db, Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documentIds);
        var ids = documentIds.Distinct().ToList();
        if (ids.Count is 0 or > 1000)
        {
            throw DifyException.Invalid("document_ids must name 1 to 1000 documents.");
        }

        var knowledge = await db.GetVisibleAsync(actor, knowledgeBaseId, cancellationToken);
        var documents = await db.Documents.AsNoTracking()
            .Where(d => d.KnowledgeBaseId == knowledge.Id && ids.Contains(d.Id)).ToListAsync(cancellationToken);
        return documents.Count == ids.Count ? documents : throw DifyException.NotFound("Document not found.");
    }

    private async Task SwitchAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds,
        Func<IQueryable<Document>, Task> change, CancellationToken cancellationToken)
    {
        var ids = documentIds.Distinct().ToList();
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            var documents = await FindAsync(db, actor, knowledgeBaseId, ids, cancellationToken);
            if (documents.Find(d => d.IndexingStatus != IndexingStatus.Completed) is { } busy)
            {
                throw new DifyException(
                    ErrorCodes.InvalidAction, $"Document '{busy.Name}' is not completed. Wait until it is indexed, or retry it.");
            }

            await change(db.Documents.Where(d => ids.Contains(d.Id)));
        }

        foreach (var id in ids)
        {
            await ShowAsync(knowledgeBaseId, id, cancellationToken);
            _queue.Report(knowledgeBaseId, id);
        }
    }

    /// <summary>Brings the index to what the store says of a document: there if it may be found, else not.</summary>
    private async Task ShowAsync(Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Documents.AnyAsync(d => d.Id == documentId && d.Enabled && !d.Archived, cancellationToken))
        {
            await _index.RemoveDocumentAsync(knowledgeBaseId, documentId, cancellationToken);
            return;
        }

        var last = 0;
        while (true)
        {
            var rows = await db.Segments.AsNoTracking()
                .Where(s => s.DocumentId == documentId && s.Position > last && s.Enabled)
                .OrderBy(s => s.Position).Take(IndexBatch).ToListAsync(cancellationToken);
            if (rows.Count == 0)
            {
                return;
            }

            await _index.UpsertAsync(
                knowledgeBaseId,
                rows.ConvertAll(s => new IndexedSegment(s.Id, documentId, s.Content, SegmentEmbedder.ToVector(s.Embedding))),
                cancellationToken);
            last = rows[^1].Position;
        }
    }

    private async Task<int> RestartAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyList<Guid> documentIds, Func<Document, bool> which, CancellationToken cancellationToken)
    {
        var restarted = new List<(Guid Id, int Number)>();
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            foreach (var document in (await FindAsync(db, actor, knowledgeBaseId, documentIds, cancellationToken)).Where(which))
            {
                var changed = await db.Documents.Where(d => d.Id == document.Id && d.JobNumber == document.JobNumber)
                    .ExecuteUpdateAsync(
                        set => set
                            .SetProperty(d => d.JobNumber, document.JobNumber + 1)
                            .SetProperty(d => d.IsPaused, false)
                            .SetProperty(d => d.IndexingStatus, IndexingStatus.Waiting)
                            .SetProperty(d => d.Error, (string?)null)
                            .SetProperty(d => d.StoppedAt, (DateTimeOffset?)null)
                            .SetProperty(d => d.PausedAt, (DateTimeOffset?)null)
                            .SetProperty(d => d.Attempts, 0),
                        cancellationToken);
                if (changed == 1)
                {
                    restarted.Add((document.Id, document.JobNumber + 1));
                }
            }
        }

        foreach (var (id, number) in restarted)
        {
            await _queue.EnqueueAsync(knowledgeBaseId, id, number, cancellationToken: cancellationToken);
        }

        return restarted.Count;
    }

    /// <summary>Changes the row, drops its segments in the same transaction and queues a new job.</summary>
    private async Task<Document> StartOverAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, Action<Document> change, CancellationToken cancellationToken)
    {
        Document document;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            var (_, before) = await db.GetVisibleAsync(actor, knowledgeBaseId, documentId, cancellationToken);
            RequireOpen(before);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

            // The number first: from here on a job in work can write nothing more.
            await db.Documents.Where(d => d.Id == documentId)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.JobNumber, d => d.JobNumber + 1), cancellationToken);
            document = await db.Documents.FirstOrDefaultAsync(d => d.Id == documentId, cancellationToken)
                ?? throw DifyException.NotFound("Document not found.");
            await db.Segments.Where(s => s.DocumentId == documentId).ExecuteDeleteAsync(cancellationToken);
            change(document);
            document.IndexingStatus = IndexingStatus.Waiting;
            document.IsPaused = false;
            document.Error = null;
            document.Attempts = 0;
            (document.SegmentCount, document.CompletedSegments, document.WordCount, document.Tokens) = (0, 0, 0, 0);
            (document.ProcessingStartedAt, document.ParsingCompletedAt, document.CleaningCompletedAt) = (null, null, null);
            (document.SplittingCompletedAt, document.CompletedAt, document.StoppedAt, document.PausedAt) = (null, null, null, null);
            document.UpdatedAt = _time.GetUtcNow();
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await _index.RemoveDocumentAsync(knowledgeBaseId, documentId, cancellationToken);
        await _queue.EnqueueAsync(knowledgeBaseId, documentId, document.JobNumber, cancellationToken: cancellationToken);
        return document;
    }

    private async Task DeleteUnusedFilesAsync(Actor actor, IEnumerable<Guid?> fileIds, CancellationToken cancellationToken)
    {
        var ids = fileIds.OfType<Guid>().Distinct().ToList();
        List<Guid> used;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            used = await db.Documents.Where(d => d.FileId != null && ids.Contains(d.FileId.Value))
                .Select(d => d.FileId!.Value).ToListAsync(cancellationToken);
        }

        await _files.DeleteAsync(actor.WorkspaceId, [.. ids.Except(used)], cancellationToken);
    }
}
