using System.Threading.Channels;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Knowledge.Retrieval;

/// <summary>
/// What was asked of knowledge bases, and how often segments and documents were found. Written in the background and
/// in batches, so that a question never waits for it; under a flood the oldest unwritten entries are lost.
/// </summary>
public sealed partial class RetrievalLog : BackgroundService
{
    private const int Capacity = 10_000;
    private const int Batch = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly KnowledgeService _knowledge;
    private readonly TimeProvider _clock;
    private readonly ILogger<RetrievalLog> _logger;

    public RetrievalLog(
        IDbContextFactory<DifyDbContext> contexts, KnowledgeService knowledge, TimeProvider clock, ILogger<RetrievalLog> logger)
    {
        _contexts = contexts;
        _knowledge = knowledge;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Questions put to a base, newest first.</summary>
    /// <param name="page">From 1.</param>
    /// <param name="limit">1 to 100.</param>
    /// <exception cref="DifyException">404 when the base is not one that the actor may see.</exception>
    public async Task<Page<RetrievalRecord>> ListAsync(
        Actor actor, Guid knowledgeBaseId, int page = 1, int limit = 20, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.UseKnowledgeBases);
        await _knowledge.GetAsync(actor, knowledgeBaseId, cancellationToken);
        limit = Math.Clamp(limit, 1, 100);
        page = Math.Max(1, page);

        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var records = db.RetrievalRecords.AsNoTracking()
            .Where(r => r.KnowledgeBaseId == knowledgeBaseId && r.WorkspaceId == actor.WorkspaceId);
        var total = await records.CountAsync(cancellationToken);
        var items = await records.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id)
            .Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return new Page<RetrievalRecord>(items, total, (page - 1) * limit + items.Count < total);
    }

    internal void Add(RetrievalQuery query, IReadOnlyList<RetrievedSegment> hits)
    {
        var text = query.Text.Length <= 1000 ? query.Text : query.Text[..1000];
        var now = _clock.GetUtcNow();
        var records = query.KnowledgeBaseIds.Distinct().Select(id => new RetrievalRecord
        {
            WorkspaceId = query.WorkspaceId,
            KnowledgeBaseId = id,
            Text = text.Replace("\0", "", StringComparison.Ordinal),
            Source = query.Source,
            Hits = hits.Count(hit => hit.KnowledgeBaseId == id),
            CreatedAt = now,
        });
        _entries.Writer.TryWrite(new Entry([.. records], [.. hits.Select(h => h.SegmentId)], [.. hits.Select(h => h.DocumentId)]));
    }

    /// <summary>Writes what has been added so far.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        var batch = new List<Entry>();
        while (true)
        {
            batch.Clear();
            while (batch.Count < Batch && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            if (batch.Count == 0)
            {
                return;
            }

            await WriteAsync(batch, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _entries.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Pause, _clock, stoppingToken);
                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await FlushAsync(CancellationToken.None);
        }
    }

    private async Task WriteAsync(List<Entry> batch, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
            var asked = batch.SelectMany(entry => entry.Records).Select(r => r.KnowledgeBaseId).Distinct().ToList();
            var bases = db.KnowledgeBases;
            var known = (await bases.Where(k => asked.Contains(k.Id)).Select(k => k.Id).ToListAsync(cancellationToken)).ToHashSet();
            db.RetrievalRecords.AddRange(batch.SelectMany(entry => entry.Records).Where(r => known.Contains(r.KnowledgeBaseId)));
            await db.SaveChangesAsync(cancellationToken);

            foreach (var (times, ids) in ByFrequency(batch.SelectMany(entry => entry.SegmentIds)))
            {
                await db.Segments.Where(s => ids.Contains(s.Id))
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.HitCount, s => s.HitCount + times), cancellationToken);
            }

            foreach (var (times, ids) in ByFrequency(batch.SelectMany(entry => entry.DocumentIds)))
            {
                await db.Documents.Where(d => ids.Contains(d.Id))
                    .ExecuteUpdateAsync(set => set.SetProperty(d => d.HitCount, d => d.HitCount + times), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is DbUpdateException or System.Data.Common.DbException)
        {
            // Statistics only: a busy or restarting database must not end the writer.
            LogLost(batch.Count, exception);
        }
    }

    private static IEnumerable<(int Times, List<Guid> Ids)> ByFrequency(IEnumerable<Guid> ids) =>
        ids.CountBy(id => id).GroupBy(pair => pair.Value, pair => pair.Key).Select(group => (group.Key, group.ToList()));

    [LoggerMessage(LogLevel.Warning, "Lost the hit counts and records of {Count} retrievals")]
    private partial void LogLost(int count, Exception exception);

    private sealed record Entry(
        IReadOnlyList<RetrievalRecord> Records, IReadOnlyList<Guid> SegmentIds, IReadOnlyList<Guid> DocumentIds);
}
