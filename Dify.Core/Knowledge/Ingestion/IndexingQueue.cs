using System.Data.Common;
using System.Globalization;
using Dify.Core.Jobs;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Dify.Core.Knowledge.Ingestion;

/// <summary>
/// Sees to it that every document that is not finished has a job. The store says what is to be done; the queue only
/// says when, so a queue that is down or lost a job delays a document and never loses it.
/// </summary>
internal sealed partial class IndexingQueue(
    IDbContextFactory<DifyDbContext> contexts, JobQueue jobs, DocumentProgress progress, ILogger<IndexingQueue> logger)
{
    private static readonly IndexingStatus[] Unfinished =
        [IndexingStatus.Waiting, IndexingStatus.Parsing, IndexingStatus.Cleaning, IndexingStatus.Splitting, IndexingStatus.Indexing];

    /// <summary>Queues the job of a document whose row, with this number, is in the store already.</summary>
    public async Task EnqueueAsync(
        Guid knowledgeBaseId, Guid documentId, int jobNumber, DateTimeOffset? notBefore = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await jobs.EnqueueAsync<IndexDocumentJob>(
                KeyOf(documentId, jobNumber),
                new Dictionary<string, string>
                {
                    [IndexDocumentJob.DocumentId] = documentId.ToString("D"),
                    [IndexDocumentJob.JobNumber] = jobNumber.ToString(CultureInfo.InvariantCulture),
                },
                notBefore,
                cancellationToken);
        }
        catch (Exception exception) when (exception is SchedulerException or DbException)
        {
            LogQueueFailed(exception, documentId);
        }

        progress.Report(knowledgeBaseId, documentId);
    }

    /// <summary>Tells pages that a document has moved.</summary>
    public void Report(Guid knowledgeBaseId, Guid documentId) => progress.Report(knowledgeBaseId, documentId);

    /// <summary>Gives unfinished documents without a job a new one: after a crash, and as a check now and then.</summary>
    /// <returns>How many were queued again.</returns>
    public async Task<int> RecoverAsync(CancellationToken cancellationToken)
    {
        var found = 0;
        foreach (var (id, knowledgeBaseId, number) in await UnfinishedAsync(cancellationToken))
        {
            if (await jobs.IsQueuedAsync<IndexDocumentJob>(KeyOf(id, number), cancellationToken)
                || !await TakeNextNumberAsync(id, number, cancellationToken))
            {
                continue;
            }

            found++;
            LogRecovered(id);
            await EnqueueAsync(knowledgeBaseId, id, number + 1, cancellationToken: cancellationToken);
        }

        return found;
    }

    private async Task<List<(Guid Id, Guid KnowledgeBaseId, int Number)>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Documents.AsNoTracking()
            .Where(d => Unfinished.Contains(d.IndexingStatus) && !d.IsPaused)
            .OrderBy(d => d.CreatedAt)
            .Select(d => new { d.Id, d.KnowledgeBaseId, d.JobNumber })
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row => (row.Id, row.KnowledgeBaseId, row.JobNumber));
    }

    /// <summary>A number that was handed out once is never queued again: the queue may still know its end.</summary>
    private async Task<bool> TakeNextNumberAsync(Guid id, int number, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Documents
            .Where(d => d.Id == id && d.JobNumber == number && Unfinished.Contains(d.IndexingStatus))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.JobNumber, number + 1), cancellationToken) == 1;
    }

    private static string KeyOf(Guid documentId, int jobNumber) =>
        string.Create(CultureInfo.InvariantCulture, $"{documentId:N}.{jobNumber}");

    [LoggerMessage(LogLevel.Warning, "Document {Document} could not be queued; it is picked up by the next check")]
    private partial void LogQueueFailed(Exception exception, Guid document);

    [LoggerMessage(LogLevel.Information, "Document {Document} was left unfinished and is queued again")]
    private partial void LogRecovered(Guid document);
}
