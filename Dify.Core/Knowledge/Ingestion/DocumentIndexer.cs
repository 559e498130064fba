using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Jobs;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Extraction;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Knowledge.Ingestion;

/// <summary>
/// Takes a document from its file to searchable segments. First all segments are stored in one transaction, then they
/// are embedded and indexed batch by batch; each batch is remembered, so a run that was cut off (pause, crash,
/// rate limit) is continued and never repeats or loses a segment.
/// </summary>
internal sealed partial class DocumentIndexer(
    IDbContextFactory<DifyDbContext> contexts,
    FileService files,
    DocumentReader reader,
    SegmentEmbedder embedder,
    IndexingQueue queue,
    DocumentProgress progress,
    TimeProvider time,
    ILogger<DocumentIndexer> logger)
{
    /// <summary>A document whose job was started this often without an end kills its process; it is given up.</summary>
    private const int MaxAttempts = 5;

    /// <summary>Runs the job of this number to its end, whatever that is.</summary>
    public async Task RunAsync(Guid documentId, int jobNumber, CancellationToken cancellationToken)
    {
        var (document, knowledge) = await LoadAsync(documentId, jobNumber, cancellationToken);
        if (document is null || knowledge is null)
        {
            return;
        }

        var run = new DocumentRun(contexts, progress, time, knowledge.Id, documentId, jobNumber);
        try
        {
            await IndexAsync(run, document, knowledge, cancellationToken);
        }
        catch (RunOvertakenException)
        {
            LogOvertaken(documentId);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process stops: the document stays unfinished and is found again at the next start.
            LogInterrupted(documentId);
        }
        catch (Exception exception)
        {
            // Catches all: job. Whatever happened becomes another try or a state with a reason.
            await FailAsync(run, document, jobNumber, exception);
        }
    }

    private async Task<(Document? Document, KnowledgeBase? KnowledgeBase)> LoadAsync(
        Guid documentId, int jobNumber, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var document = await db.Documents.AsNoTracking()
            .FirstOrDefaultAsync(d => d.Id == documentId && d.JobNumber == jobNumber, cancellationToken);
        if (document is null || document.IsPaused
            || document.IndexingStatus is IndexingStatus.Completed or IndexingStatus.Error or IndexingStatus.Paused)
        {
            return (null, null);
        }

        var knowledge = await db.KnowledgeBases.AsNoTracking()
            .FirstOrDefaultAsync(k => k.Id == document.KnowledgeBaseId, cancellationToken);
        return (document, knowledge);
    }

    private async Task IndexAsync(
        DocumentRun run, Document document, KnowledgeBase knowledge, CancellationToken cancellationToken)
    {
        if (document.Attempts >= MaxAttempts)
        {
            throw DifyException.Invalid(
                "The document was given up: indexing it was broken off again and again. Split the file or save it anew, then retry.");
        }

        var started = run.Now;
        await run.SetAsync(
            set => set
                .SetProperty(d => d.Attempts, d => d.Attempts + 1)
                .SetProperty(d => d.Error, (string?)null)
                .SetProperty(d => d.StoppedAt, (DateTimeOffset?)null)
                .SetProperty(d => d.ProcessingStartedAt, d => d.ProcessingStartedAt ?? started),
            cancellationToken);

        if (document.SplittingCompletedAt is null)
        {
            await SplitAsync(run, document, knowledge, cancellationToken);
        }

        await run.SetAsync(set => set.SetProperty(d => d.IndexingStatus, IndexingStatus.Indexing), cancellationToken);
        await embedder.EmbedAsync(run, knowledge, cancellationToken);

        var completed = run.Now;
        await run.SetAsync(
            set => set
                .SetProperty(d => d.IndexingStatus, IndexingStatus.Completed)
                .SetProperty(d => d.CompletedSegments, d => d.SegmentCount)
                .SetProperty(d => d.CompletedAt, completed)
                .SetProperty(d => d.Attempts, 0),
            cancellationToken);
        LogCompleted(document.Id, (completed - started).TotalMilliseconds);
    }

    private async Task SplitAsync(
        DocumentRun run, Document document, KnowledgeBase knowledge, CancellationToken cancellationToken)
    {
        await run.SetAsync(set => set.SetProperty(d => d.IndexingStatus, IndexingStatus.Parsing), cancellationToken);
        var file = await files.GetAsync(document.WorkspaceId, document.FileId ?? Guid.Empty, cancellationToken);
        var text = await reader.ReadAsync(file, cancellationToken);

        var parsed = run.Now;
        await run.SetAsync(
            set => set.SetProperty(d => d.IndexingStatus, IndexingStatus.Cleaning).SetProperty(d => d.ParsingCompletedAt, parsed),
            cancellationToken);
        var cleaned = DocumentChunker.Clean(text, document.ProcessRule);

        var clean = run.Now;
        await run.SetAsync(
            set => set.SetProperty(d => d.IndexingStatus, IndexingStatus.Splitting).SetProperty(d => d.CleaningCompletedAt, clean),
            cancellationToken);
        var chunks = DocumentChunker.Cut(cleaned, document.ProcessRule);
        var segments = Segments(document, chunks, knowledge.IndexingTechnique == IndexingTechnique.Economy, run.Now);

        var split = run.Now;
        var words = segments.Sum(s => s.WordCount);
        var tokens = segments.Sum(s => s.Tokens);
        await run.SetAsync(
            set => set
                .SetProperty(d => d.IndexingStatus, IndexingStatus.Indexing)
                .SetProperty(d => d.SplittingCompletedAt, split)
                .SetProperty(d => d.SegmentCount, segments.Length)
                .SetProperty(d => d.CompletedSegments, 0)
                .SetProperty(d => d.WordCount, words)
                .SetProperty(d => d.Tokens, tokens),
            async db =>
            {
                // None can be there, since the row says that splitting was not completed; the unique index holds it.
                await db.Segments.Where(s => s.DocumentId == document.Id).ExecuteDeleteAsync(cancellationToken);
                db.Segments.AddRange(segments);
            },
            cancellationToken);
    }

    private static Segment[] Segments(Document document, IReadOnlyList<string> chunks, bool economy, DateTimeOffset now)
    {
        var segments = new Segment[chunks.Count];
        Parallel.For(0, chunks.Count, i => segments[i] = new Segment
        {
            WorkspaceId = document.WorkspaceId,
            KnowledgeBaseId = document.KnowledgeBaseId,
            DocumentId = document.Id,
            Position = i + 1,
            Content = chunks[i],
            WordCount = chunks[i].Length,
            Tokens = Models.TokenCounter.Count(chunks[i]),
            Keywords = economy ? KeywordExtractor.Extract(chunks[i]) : [],
            CreatedAt = now,
            UpdatedAt = now,
        });
        return segments;
    }

    private async Task FailAsync(DocumentRun run, Document document, int jobNumber, Exception exception)
    {
        try
        {
            var failures = run.HasProgressed ? 1 : document.Attempts + 1;
            if (RetryPolicy.NextWait(exception, failures) is { } wait)
            {
                LogRetry(exception, document.Id, wait.TotalSeconds);
                await run.SetAsync(
                    set => set.SetProperty(d => d.IndexingStatus, IndexingStatus.Waiting).SetProperty(d => d.JobNumber, jobNumber + 1),
                    CancellationToken.None);
                await queue.EnqueueAsync(run.KnowledgeBaseId, document.Id, jobNumber + 1, time.GetUtcNow() + wait, CancellationToken.None);
                return;
            }

            // A reason that a person can act on is no fault of the program.
            if (exception is DifyException)
            {
                LogRefused(document.Id, exception.Message);
            }
            else
            {
                LogFailed(exception, document.Id);
            }

            var reason = exception is DifyException
                ? exception.Message
                : "Something went wrong on our side while this document was indexed. Retry; if it fails again, look at the server's log.";
            var stopped = run.Now;
            await run.SetAsync(
                set => set
                    .SetProperty(d => d.IndexingStatus, IndexingStatus.Error)
                    .SetProperty(d => d.Error, reason)
                    .SetProperty(d => d.StoppedAt, stopped),
                CancellationToken.None);
        }
        catch (RunOvertakenException)
        {
            LogOvertaken(document.Id);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Document {Document} has another job by now")]
    private partial void LogOvertaken(Guid document);

    [LoggerMessage(LogLevel.Information, "Indexing of document {Document} is interrupted by the shutdown")]
    private partial void LogInterrupted(Guid document);

    [LoggerMessage(LogLevel.Information, "Document {Document} is indexed, {Milliseconds:0} ms")]
    private partial void LogCompleted(Guid document, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "Indexing of document {Document} failed and is tried again in {Seconds} s")]
    private partial void LogRetry(Exception exception, Guid document, double seconds);

    [LoggerMessage(LogLevel.Information, "Document {Document} cannot be indexed: {Reason}")]
    private partial void LogRefused(Guid document, string reason);

    [LoggerMessage(LogLevel.Error, "Indexing of document {Document} failed")]
    private partial void LogFailed(Exception exception, Guid document);
}
