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
/// Where other processes write to the same store, a search first compares <see cref="IndexRevisions"/> and reads the
/// knowledge base anew when another process wrote to it.
/// </summary>
internal sealed partial class LocalSegmentIndex(
    IDbContextFactory<DifyDbContext> contexts, IndexRevisions revisions, IOptions<LocalIndexOptions> options,
    TimeProvider time, ILogger<LocalSegmentIndex> logger)
    : ISegmentIndex
{
    private const int LoadBatch = 256;

    /// <summary>An index that is read slower than this is not read anew for every write of another process.</summary>
    private static readonly TimeSpan QuickLoad = TimeSpan.FromMilliseconds(250);

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

    public async Task DropAsync(Guid knowledgeBaseId, CancellationToken cancellationToken = default)
    {
        Drop(knowledgeBaseId);
        await revisions.CountUpAsync(knowledgeBaseId, CancellationToken.None);
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
        if (revisions.Shared && _entries.TryGetValue(knowledgeBaseId, out var known)
            && await IsOutdatedAsync(knowledgeBaseId, known, cancellationToken))
        {
            // Many may find it outdated at once; the first replaces it, all wait for the same load.
            Drop(knowledgeBaseId, known);
        }

        var entry = EntryOf(knowledgeBaseId);
        entry.LastUse = Interlocked.Increment(ref _clock);
        return await IndexOfAsync(knowledgeBaseId, entry, cancellationToken);
    }

    private Entry EntryOf(Guid id) => _entries.GetOrAdd(id, key => new Entry(entry => LoadAsync(key, entry)));

    /// <summary>
    /// False for a while after a slow load, however many writes followed, so that searching during the indexing of a large
    /// knowledge base does not read it without pause.
    /// </summary>
    private async Task<bool> IsOutdatedAsync(Guid id, Entry entry, CancellationToken cancellationToken) =>
        entry.IsLoaded
        && (entry.LoadTime < QuickLoad || time.GetElapsedTime(entry.LoadedAt) > 2 * entry.LoadTime)
        && await revisions.ReadAsync(id, cancellationToken) > entry.Revision;

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

    private async Task WriteAsync(
        Guid id, bool load, Action<KnowledgeBaseIndex> write, CancellationToken cancellationToken)
    {
        await WriteHereAsync(id, load, write, cancellationToken);
        var counting = revisions.CountUpAsync(id, CancellationToken.None);
        try
        {
            await counting;
        }
        finally
        {
            if (!counting.IsCompletedSuccessfully)
            {
                // Counted here but not in the store: the next write of another process would go unnoticed.
                Drop(id);
            }
        }
    }

    /// <summary>Without <paramref name="load"/> an index that is not in memory is left alone: the store tells it later.</summary>
    private async Task WriteHereAsync(
        Guid id, bool load, Action<KnowledgeBaseIndex> write, CancellationToken cancellationToken)
    {
        while (load || _entries.ContainsKey(id))
        {
            var entry = load ? EntryOf(id) : _entries.GetValueOrDefault(id);
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
                    entry.Revision++;
                    return;
                }
            }
        }
    }

    private async Task<KnowledgeBaseIndex> LoadAsync(Guid knowledgeBaseId, Entry entry)
    {
        // Not cancelled by the one who came first: others wait for the same load.
        var index = new KnowledgeBaseIndex();
        var start = time.GetTimestamp();

        // Read before the segments: a write in between makes the index outdated, never seemingly up to date.
        entry.Revision = await revisions.ReadAsync(knowledgeBaseId, CancellationToken.None);
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
        entry.Bytes = index.Bytes;
        entry.LoadedAt = time.GetTimestamp();
        entry.LoadTime = time.GetElapsedTime(start, entry.LoadedAt);
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
        if (_entries.TryGetValue(id, out var entry))
        {
            Drop(id, entry);
        }
    }

    private void Drop(Guid id, Entry entry)
    {
        if (_entries.TryRemove(KeyValuePair.Create(id, entry)))
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

    private sealed class Entry
    {
        private readonly Lazy<Task<KnowledgeBaseIndex>> _index;
        private long _lastUse;
        private long _bytes;
        private long _revision;

        public Entry(Func<Entry, Task<KnowledgeBaseIndex>> load) => _index = new(() => Task.Run(() => load(this)));

        public Lock Writing { get; } = new();

        /// <summary>Loads at the first call; the same task for all.</summary>
        public Task<KnowledgeBaseIndex> Index => _index.Value;

        public bool IsLoaded => _index.IsValueCreated && _index.Value.IsCompleted;

        /// <summary>Set under <see cref="Writing"/>: a writer that comes too late starts over with the new entry.</summary>
        public bool Dropped { get; set; }

        /// <summary>
        /// The store's number when it was read, plus the writes of this process. While one of these is not yet counted in
        /// the store the number is ahead, never behind, so an own write makes nobody read the knowledge base anew.
        /// </summary>
        public long Revision { get => Volatile.Read(ref _revision); set => Volatile.Write(ref _revision, value); }

        /// <summary>Set before the load ends, like <see cref="LoadTime"/>.</summary>
        public long LoadedAt { get; set; }

        public TimeSpan LoadTime { get; set; }

        public long LastUse { get => Volatile.Read(ref _lastUse); set => Volatile.Write(ref _lastUse, value); }

        public long Bytes { get => Volatile.Read(ref _bytes); set => Volatile.Write(ref _bytes, value); }
    }
}
