using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace Dify.Core.Knowledge.Ingestion;

/// <summary>
/// One job's claim on a document. It writes only while its number stands in the row, checked in the same transaction,
/// so a job that was overtaken can change nothing.
/// </summary>
internal sealed class DocumentRun(
    IDbContextFactory<DifyDbContext> contexts, DocumentProgress progress, TimeProvider time,
    Guid knowledgeBaseId, Guid documentId, int jobNumber)
{
    public Guid DocumentId => documentId;

    public Guid KnowledgeBaseId => knowledgeBaseId;

    /// <summary>Whether this job has finished a batch: failures before that are no reason to give up sooner.</summary>
    public bool HasProgressed { get; set; }

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Changes the document's row.</summary>
    /// <exception cref="RunOvertakenException">Another job, a pause or a deletion came between.</exception>
    public async Task SetAsync(Action<UpdateSettersBuilder<Document>> changes, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            await ClaimAsync(db, changes, cancellationToken);
        }

        progress.Report(knowledgeBaseId, documentId);
    }

    /// <summary>Changes the document's row and, in the same transaction, its segments.</summary>
    /// <exception cref="RunOvertakenException">Another job, a pause or a deletion came between.</exception>
    public async Task SetAsync(
        Action<UpdateSettersBuilder<Document>> changes, Func<DifyDbContext, Task> write, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            // The row first: its lock makes a deletion or another job wait until the segments are in.
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await ClaimAsync(db, changes, cancellationToken);
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            await write(db);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        progress.Report(knowledgeBaseId, documentId);
    }

    private async Task ClaimAsync(
        DifyDbContext db, Action<UpdateSettersBuilder<Document>> changes, CancellationToken cancellationToken)
    {
        var now = Now;
        var changed = await db.Documents
            .Where(d => d.Id == documentId && d.JobNumber == jobNumber)
            .ExecuteUpdateAsync(
                set =>
                {
                    set.SetProperty(d => d.UpdatedAt, now);
                    changes(set);
                },
                cancellationToken);
        if (changed == 0)
        {
            throw new RunOvertakenException();
        }
    }
}

/// <summary>Ends a job whose document has moved on without it; nothing went wrong.</summary>
internal sealed class RunOvertakenException() : Exception("Another job has taken the document over.");
