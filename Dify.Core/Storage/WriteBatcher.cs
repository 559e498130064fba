using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Storage;

/// <summary>
/// Group commit for small, frequent writes: concurrent callers hand their writes over, one task puts all that wait
/// into one transaction, and a caller is told only after the commit, so acknowledged means stored. When a batch
/// fails, its writes are repeated one by one, so that only the guilty caller sees an error.
/// </summary>
/// <remarks>Writes of one batch may run in any order against each other; await the first where the order matters.</remarks>
public sealed partial class WriteBatcher(IDbContextFactory<DifyDbContext> contexts, ILogger<WriteBatcher> logger)
    : IAsyncDisposable
{
    private const int LargestBatch = 256;

    private readonly Channel<PendingWrite> _pending =
        Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(8192) { SingleReader = true });

    private readonly Lock _starting = new();
    private Task? _loop;
    private long _commits;

    /// <summary>Transactions committed so far.</summary>
    internal long Commits => Interlocked.Read(ref _commits);

    /// <summary>Inserts the entities.</summary>
    public Task AddAsync(params object[] entities) => WriteAsync(db =>
    {
        foreach (var entity in entities)
        {
            db.Entry(entity).State = EntityState.Added;
        }
    });

    /// <summary>
    /// Stages changes on the context (added, attached or removed entities; change detection is off, so states are
    /// set by hand). Called again, on a fresh context, when the batch has to be repeated.
    /// </summary>
    public Task WriteAsync(Action<DifyDbContext> stage) => WriteAsync((db, _) =>
    {
        stage(db);
        return Task.CompletedTask;
    });

    /// <summary>The same for writes that run commands of their own inside the transaction.</summary>
    public async Task WriteAsync(Func<DifyDbContext, CancellationToken, Task> write)
    {
        Start();
        var pending = new PendingWrite(write);
        await _pending.Writer.WriteAsync(pending);
        await pending.Done.Task;
    }

    /// <summary>Writes what still waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        if (_loop is { } loop)
        {
            await loop;
        }
    }

    private void Start()
    {
        if (_loop is null)
        {
            lock (_starting)
            {
                _loop ??= Task.Run(LoopAsync);
            }
        }
    }

    private async Task LoopAsync()
    {
        var batch = new List<PendingWrite>(LargestBatch);
        while (await _pending.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < LargestBatch && _pending.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            await CommitAsync(batch);
        }
    }

    private async Task CommitAsync(List<PendingWrite> batch)
    {
        var failure = await TryCommitAsync(batch);
        if (failure is null)
        {
            batch.ForEach(pending => pending.Done.SetResult());
            return;
        }

        if (batch.Count == 1)
        {
            batch[0].Done.SetException(failure);
            return;
        }

        LogRepeating(failure, batch.Count);
        foreach (var pending in batch)
        {
            await CommitAsync([pending]);
        }
    }

    /// <summary>The failure is handed to the callers that wait, whatever its type, so it is read, not caught.</summary>
    private async Task<Exception?> TryCommitAsync(List<PendingWrite> batch)
    {
        var commit = CommitOnceAsync(batch);
        await commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return commit.IsCompletedSuccessfully
            ? null
            : commit.Exception?.InnerException ?? new OperationCanceledException();
    }

    private async Task CommitOnceAsync(List<PendingWrite> batch)
    {
        await using var db = await contexts.CreateDbContextAsync();
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync();
        foreach (var pending in batch)
        {
            await pending.Write(db, CancellationToken.None);
        }

        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        Interlocked.Increment(ref _commits);
    }

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} writes failed and is repeated one by one")]
    private partial void LogRepeating(Exception exception, int count);

    private sealed record PendingWrite(Func<DifyDbContext, CancellationToken, Task> Write)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
