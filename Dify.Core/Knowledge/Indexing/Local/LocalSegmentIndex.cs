using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dify.Core.Knowledge.Indexing.Local;

/// <summary>
/// Keeps each knowledge base in memory once it is used, read from the store: segments that are enabled and finished, of
/// documents that are enabled and not archived. (Finished segments of documents still being indexed are read too, since their
/// completion is no event for the index; the retriever leaves them out.) A caller writes to the store first, then here.
/// </summary>
internal sealed partial class LocalSegmentIndex(
    IDbContextFactory<DifyDbContext> contexts, IOptions<LocalIndexOptions> options, ILogger<LocalSegmentIndex> logger)
    : ISegmentIndex
{
    private const int LoadBatch = 256;

    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();
    private long _clock;

    /// <summary>Knowledge bases in memory; for tests.</summary>
    internal IReadOnlyCollection<Guid> Loaded => [.. _entries.Keys];

    public async Task UpsertAsync(
        Guid knowledgeBaseId, IReadOnlyList<IndexedSegment> segments, CancellationToken cancellationToken = default)
    {
        if (segments.Count == 0)
        {
            return;
        }

        await WriteAsync(knowledgeBaseId, load: true, index => index.Upsert(segments), cancellationToken);
        Evict(knowledgeBaseId);
    }

    public Task RemoveAsync(
        Guid knowledgeBaseId, IReadOnlyCollection<Guid> segmentIds, CancellationToken cancellationToken = default) =>
        WriteAsync(knowledgeBaseId, load: false, index => index.Remove(segmentIds), cancellationToken);

    public Task RemoveDocumentAsync(
        Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken = default) =>
        WriteAsync(knowledgeBaseId, load: false, index => index.RemoveDocument(documentId), cancellationToken);

    public Task DropAsync(Guid knowledgeBaseId, CancellationToken cancellationToken = default)
    {
        Drop(knowledgeBaseId);
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<SegmentHit>> SearchVectorAsync(
        Guid knowledgeBaseId, ReadOnlyMemory<float> vector, int limit, CancellationToken cancellationToken = default)
    {
        var index = await GetAsync(knowledgeBaseId, cancellationToken);
        return index.Snapshot.SearchVector(vector.Span, limit);
    }

    public async Task<IReadOnlyList<SegmentHit>> SearchTextAsync(
        Guid knowledgeBaseId, string text, int limit, CancellationToken cancellationToken = default)
    {
        var index = await GetAsync(knowledgeBaseId, cancellationToken);
        return index.Snapshot.SearchText(text, limit);
    }

    public Task<bool> IsReadyAsync(CancellationToken cancellationToken = default) => Task.FromResult(true);

    private async Task<KnowledgeBaseIndex> GetAsync(Guid knowledgeBaseId, CancellationToken cancellationToken)
    {
        var entry = _entries.GetOrAdd(knowledgeBaseId, id => new Entry(() => LoadAsync(id)));
        entry.LastUse = Interlocked.Increment(ref _clock);
        return await IndexOfAsync(knowledgeBaseId, entry, cancellationToken);
    }

    private async Task<KnowledgeBaseIndex> IndexOfAsync(Guid id, Entry entry, CancellationToken cancellationToken)
    {
        var loading = entry.Index;
        try
        {
            return await loading.WaitAsync(cancellationToken);
        }
        finally
        {
            if (loading.IsFaulted || loading.IsCanceled)
            {
                _entries.TryRemove(KeyValuePair.Create(id, entry));
            }
        }
    }

    /// <summary>Without <paramref name="load"/> an index that is not in memory is left alone: the store tells it later.</summary>
    private async Task WriteAsync(
        Guid id, bool load, Action<KnowledgeBaseIndex> write, CancellationToken cancellationToken)
    {
        while (load || _entries.ContainsKey(id))
        {
            var entry = load
                ? _entries.GetOrAdd(id, key => new Entry(() => LoadAsync(key)))
                : _entries.GetValueOrDefault(id);
            if (entry is null)
            {
                return;
            }

            entry.LastUse = Interlocked.Increment(ref _clock);
            var index = await IndexOfAsync(id, entry, cancellationToken);
            lock (entry.Writing)
            {
                if (!entry.Dropped)
                {
                    write(index);
                    entry.Bytes = index.Bytes;
                    return;
                }
            }
        }
    }

    private async Task<KnowledgeBaseIndex> LoadAsync(Guid knowledgeBaseId)
    {
        // Not cancelled by the one who came first: others wait for the same load.
        var index = new KnowledgeBaseIndex();
        await using (var db = await contexts.CreateDbContextAsync(CancellationToken.None))
        {
            var segments = db.Segments;
            var documents = db.Documents;
            var rows =
                from segment in segments.AsNoTracking()
                join document in documents on segment.DocumentId equals document.Id
                where segment.KnowledgeBaseId == knowledgeBaseId && segment.Enabled && segment.CompletedAt != null
                    && document.Enabled && !document.Archived
                select new { segment.Id, segment.DocumentId, segment.Content, segment.Embedding };

            var batch = new List<IndexedSegment>(LoadBatch);
            await foreach (var row in rows.AsAsyncEnumerable())
            {
                batch.Add(new IndexedSegment(row.Id, row.DocumentId, row.Content, ToVector(row.Embedding)));
                if (batch.Count == LoadBatch)
                {
                    index.Upsert(batch);
                    batch.Clear();
                }
            }

            index.Upsert(batch);
        }

        LogLoaded(knowledgeBaseId, index.Snapshot.Living, index.Bytes / 1024);
        if (_entries.TryGetValue(knowledgeBaseId, out var entry))
        {
            entry.Bytes = index.Bytes;
        }

        Evict(knowledgeBaseId);
        return index;
    }

    private static ReadOnlyMemory<float> ToVector(byte[]? embedding) =>
        embedding is null ? default : MemoryMarshal.Cast<byte, float>(embedding).ToArray();

    /// <summary>Drops the longest unused indexes, but never the one in use, until all fit.</summary>
    private void Evict(Guid inUse)
    {
        var limit = options.Value.LimitBytes;
        foreach (var (id, entry) in _entries.ToArray().OrderBy(pair => pair.Value.LastUse))
        {
            if (_entries.Values.Sum(other => other.Bytes) <= limit)
            {
                return;
            }

            if (id != inUse && entry.IsLoaded)
            {
                LogEvicted(id, entry.Bytes / 1024);
                Drop(id);
            }
        }
    }

    private void Drop(Guid id)
    {
        if (_entries.TryRemove(id, out var entry))
        {
            lock (entry.Writing)
            {
                entry.Dropped = true;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Read the index of knowledge base {KnowledgeBaseId}: {Segments} segments, {Kilobytes} KB")]
    private partial void LogLoaded(Guid knowledgeBaseId, int segments, long kilobytes);

    [LoggerMessage(LogLevel.Information, "Dropped the unused index of knowledge base {KnowledgeBaseId}, {Kilobytes} KB")]
    private partial void LogEvicted(Guid knowledgeBaseId, long kilobytes);

    private sealed class Entry(Func<Task<KnowledgeBaseIndex>> load)
    {
        private readonly Lazy<Task<KnowledgeBaseIndex>> _index = new(() => Task.Run(load));
        private long _lastUse;
        private long _bytes;

        public Lock Writing { get; } = new();

        /// <summary>Loads at the first call; the same task for all.</summary>
        public Task<KnowledgeBaseIndex> Index => _index.Value;

        public bool IsLoaded => _index.IsValueCreated && _index.Value.IsCompleted;

        /// <summary>Set under <see cref="Writing"/>: a writer that comes too late starts over with the new entry.</summary>
        public bool Dropped { get; set; }

        public long LastUse { get => Volatile.Read(ref _lastUse); set => Volatile.Write(ref _lastUse, value); }

        public long Bytes { get => Volatile.Read(ref _bytes); set => Volatile.Write(ref _bytes, value); }
    }
}
