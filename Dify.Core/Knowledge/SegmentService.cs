using Dify.Core.Common;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Ingestion;
using Dify.Core.Models;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Knowledge;

/// <summary>Segments of a document: read and maintain by hand. A change is searchable when the call returns.</summary>
public sealed class SegmentService
{
    private const int MaxCharacters = 40_000;
    private const int MaxTokens = 4000;
    private const int MaxSegments = 100;

    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly SegmentEmbedder _embedder;
    private readonly ISegmentIndex _index;
    private readonly TimeProvider _time;

    internal SegmentService(
        IDbContextFactory<DifyDbContext> contexts, SegmentEmbedder embedder, ISegmentIndex index, TimeProvider time) =>
        (_contexts, _embedder, _index, _time) = (contexts, embedder, index, time);

    /// <summary>In the order of the document.</summary>
    public async Task<Page<Segment>> ListAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, SegmentFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(filter);
        var (skip, limit) = KnowledgeRules.Page(filter.Page, filter.Limit);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var (_, document) = await db.GetVisibleAsync(actor, knowledgeBaseId, documentId, cancellationToken);
        var found = db.Segments.AsNoTracking().Where(s => s.DocumentId == document.Id);
        found = filter.Enabled is { } enabled ? found.Where(s => s.Enabled == enabled) : found;
        if (!string.IsNullOrWhiteSpace(filter.Keyword))
        {
            var pattern = KnowledgeRules.Like(filter.Keyword);
            found = db.Database.IsNpgsql()
                ? found.Where(s => EF.Functions.ILike(s.Content, pattern, "\\"))
                : found.Where(s => EF.Functions.Like(s.Content, pattern, "\\"));
        }

        var total = await found.CountAsync(cancellationToken);
        var rows = await found.OrderBy(s => s.Position).Skip(skip).Take(limit).ToListAsync(cancellationToken);
        return new Page<Segment>(rows, total, skip + rows.Count < total);
    }

    public async Task<Segment> GetAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, Guid segmentId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var (_, document) = await db.GetVisibleAsync(actor, knowledgeBaseId, documentId, cancellationToken);
        return await FindAsync(db, document, segmentId, cancellationToken);
    }

    /// <summary>Those of the segments that stand in the base, by id.</summary>
    public async Task<IReadOnlyDictionary<Guid, Segment>> FindManyAsync(
        Actor actor, Guid knowledgeBaseId, IReadOnlyCollection<Guid> segmentIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var knowledge = await db.GetVisibleAsync(actor, knowledgeBaseId, cancellationToken);
        return await db.Segments.AsNoTracking()
            .Where(s => s.KnowledgeBaseId == knowledge.Id && segmentIds.Contains(s.Id))
            .ToDictionaryAsync(s => s.Id, cancellationToken);
    }

    /// <summary>Appends segments to a document that is completed and enabled.</summary>
    /// <exception cref="DifyException"><c>invalid_param</c>; 404 when the document is missing, not completed or disabled.</exception>
    public async Task<IReadOnlyList<Segment>> AddAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, IReadOnlyList<NewSegment> segments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(segments);
        if (segments.Count is 0 or > MaxSegments)
        {
            throw DifyException.Invalid($"Send 1 to {MaxSegments} segments.");
        }

        var (knowledge, document) = await RequireOpenAsync(actor, knowledgeBaseId, documentId, cancellationToken);
        var now = _time.GetUtcNow();
        var contents = segments.Select(s => Content(s.Content)).ToList();
        var vectors = knowledge.IndexingTechnique == IndexingTechnique.HighQuality
            ? await _embedder.EmbedAsync(knowledge, contents, cancellationToken)
            : null;
        var added = new List<Segment>(segments.Count);
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await CountAsync(db, document, contents.Count, contents.Sum(c => c.Length), contents.Sum(TokenCounter.Count), cancellationToken);
            var position = await db.Segments.Where(s => s.DocumentId == document.Id)
                .MaxAsync(s => (int?)s.Position, cancellationToken) ?? 0;
            for (var i = 0; i < segments.Count; i++)
            {
                added.Add(new Segment
                {
                    WorkspaceId = actor.WorkspaceId,
                    KnowledgeBaseId = knowledge.Id,
                    DocumentId = document.Id,
                    Position = ++position,
                    Content = contents[i],
                    WordCount = contents[i].Length,
                    Tokens = TokenCounter.Count(contents[i]),
                    Keywords = Keywords(segments[i].Keywords, knowledge, contents[i]),
                    Embedding = vectors is null ? null : SegmentEmbedder.ToBytes(vectors[i]),
                    CreatedAt = now,
                    UpdatedAt = now,
                    CompletedAt = now,
                });
            }

            db.Segments.AddRange(added);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await _index.UpsertAsync(knowledge.Id, added.ConvertAll(ToIndexed), cancellationToken);
        return added;
    }

    /// <summary>Changes text, keywords or the switch; a new text is embedded and indexed before the call returns.</summary>
    /// <exception cref="DifyException"><c>invalid_param</c>, also when the segment is disabled; 404.</exception>
    public async Task<Segment> UpdateAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, Guid segmentId, SegmentChanges changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(changes);
        var (knowledge, document) = await RequireOpenAsync(actor, knowledgeBaseId, documentId, cancellationToken);
        var before = await GetAsync(actor, knowledgeBaseId, documentId, segmentId, cancellationToken);
        var enabled = changes.Enabled ?? before.Enabled;
        if (!enabled && !before.Enabled)
        {
            throw DifyException.Invalid("Segment is disabled and cannot be edited. Enable it first.");
        }

        var content = changes.Content is null ? before.Content : Content(changes.Content);
        var edited = content != before.Content;
        byte[]? embedding = null;
        if (edited && knowledge.IndexingTechnique == IndexingTechnique.HighQuality)
        {
            embedding = SegmentEmbedder.ToBytes((await _embedder.EmbedAsync(knowledge, [content], cancellationToken))[0]);
        }

        Segment segment;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var tokens = edited ? TokenCounter.Count(content) : before.Tokens;
            await CountAsync(db, document, 0, content.Length - before.WordCount, tokens - before.Tokens, cancellationToken);
            segment = await db.Segments.FirstOrDefaultAsync(s => s.Id == segmentId && s.DocumentId == document.Id, cancellationToken)
                ?? throw NotFound();
            segment.Enabled = enabled;
            segment.UpdatedAt = _time.GetUtcNow();
            segment.Keywords = changes.Keywords is not null || edited ? Keywords(changes.Keywords, knowledge, content) : segment.Keywords;
            if (edited)
            {
                (segment.Content, segment.WordCount, segment.Tokens, segment.Edited) = (content, content.Length, tokens, true);
                segment.Embedding = embedding ?? segment.Embedding;
            }

            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await ShowAsync(knowledge.Id, [segment], cancellationToken);
        return segment;
    }

    public async Task SetEnabledAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, IReadOnlyList<Guid> segmentIds, bool enabled, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var (knowledge, document) = await RequireOpenAsync(actor, knowledgeBaseId, documentId, cancellationToken);
        var now = _time.GetUtcNow();
        List<Segment> segments;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            segments = await FindAsync(db, document, segmentIds, cancellationToken);
            segments.ForEach(s => (s.Enabled, s.UpdatedAt) = (enabled, now));
            await db.SaveChangesAsync(cancellationToken);
        }

        await ShowAsync(knowledge.Id, segments, cancellationToken);
    }

    public async Task DeleteAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, IReadOnlyList<Guid> segmentIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var (knowledge, document) = await RequireOpenAsync(actor, knowledgeBaseId, documentId, cancellationToken, evenDisabled: true);
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var segments = await FindAsync(db, document, segmentIds, cancellationToken);
            await CountAsync(
                db, document, -segments.Count, -segments.Sum(s => s.WordCount), -segments.Sum(s => s.Tokens), cancellationToken);
            db.Segments.RemoveRange(segments);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await _index.RemoveAsync(knowledge.Id, [.. segmentIds], cancellationToken);
    }

    private static DifyException NotFound() => DifyException.NotFound("Segment not found.");

    private static async Task<Segment> FindAsync(
        DifyDbContext db, Document document, Guid segmentId, CancellationToken cancellationToken) =>
        await db.Segments.AsNoTracking().FirstOrDefaultAsync(s => s.Id == segmentId && s.DocumentId == document.Id, cancellationToken)
        ?? throw NotFound();

    private static async Task<List<Segment>> FindAsync(
        DifyDbContext db, Document document, IReadOnlyList<Guid> segmentIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(segmentIds);
        var ids = segmentIds.Distinct().ToList();
        if (ids.Count is 0 or > 1000)
        {
            throw DifyException.Invalid("Name 1 to 1000 segments.");
        }

        var segments = await db.Segments.Where(s => s.DocumentId == document.Id && ids.Contains(s.Id)).ToListAsync(cancellationToken);
        return segments.Count == ids.Count ? segments : throw NotFound();
    }

    private static string Content(string? content)
    {
        var clean = Cleaning.TextCleaner.Repair(content ?? "").Trim();
        if (clean.Length == 0)
        {
            throw DifyException.Invalid("Content is empty.");
        }

        return clean.Length <= MaxCharacters && TokenCounter.Fits(clean, MaxTokens)
            ? clean
            : throw DifyException.Invalid($"A segment may have at most {MaxTokens} tokens. Split it in two.");
    }

    private static List<string> Keywords(IReadOnlyList<string>? given, KnowledgeBase knowledge, string content)
    {
        if (given is null)
        {
            return knowledge.IndexingTechnique == IndexingTechnique.Economy ? KeywordExtractor.Extract(content) : [];
        }

        var clean = given.Where(k => !string.IsNullOrWhiteSpace(k)).Select(k => Cleaning.TextCleaner.Repair(k).Trim())
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return clean.Count <= KeywordExtractor.Count && clean.TrueForAll(k => k.Length <= 100)
            ? clean
            : throw DifyException.Invalid($"A segment takes at most {KeywordExtractor.Count} keywords of at most 100 characters.");
    }

    private static IndexedSegment ToIndexed(Segment segment) =>
        new(segment.Id, segment.DocumentId, segment.Content, SegmentEmbedder.ToVector(segment.Embedding));

    /// <summary>Brings the document's counters up to date, which also locks its row against a job.</summary>
    private async Task CountAsync(
        DifyDbContext db, Document document, int segments, int words, int tokens, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var changed = await db.Documents
            .Where(d => d.Id == document.Id && d.JobNumber == document.JobNumber && d.IndexingStatus == IndexingStatus.Completed)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(d => d.SegmentCount, d => d.SegmentCount + segments)
                    .SetProperty(d => d.CompletedSegments, d => d.CompletedSegments + segments)
                    .SetProperty(d => d.WordCount, d => d.WordCount + words)
                    .SetProperty(d => d.Tokens, d => d.Tokens + tokens)
                    .SetProperty(d => d.UpdatedAt, now),
                cancellationToken);
        if (changed == 0)
        {
            throw DifyException.NotFound("Document is not completed. Wait until it is indexed.");
        }
    }

    private async Task<(KnowledgeBase KnowledgeBase, Document Document)> RequireOpenAsync(
        Actor actor, Guid knowledgeBaseId, Guid documentId, CancellationToken cancellationToken, bool evenDisabled = false)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var (knowledge, document) = await db.GetVisibleAsync(actor, knowledgeBaseId, documentId, cancellationToken);
        if (document.Archived)
        {
            throw new DifyException(
                ErrorCodes.ArchivedDocumentImmutable, "The archived document is not editable. Take it out of the archive first.", 403);
        }

        if (document.IndexingStatus != IndexingStatus.Completed)
        {
            throw DifyException.NotFound("Document is not completed. Wait until it is indexed.");
        }

        return document.Enabled || evenDisabled
            ? (knowledge, document)
            : throw DifyException.NotFound("Document is disabled. Enable it first.");
    }

    private async Task ShowAsync(Guid knowledgeBaseId, List<Segment> segments, CancellationToken cancellationToken)
    {
        await _index.RemoveAsync(knowledgeBaseId, [.. segments.Where(s => !s.Enabled).Select(s => s.Id)], cancellationToken);
        await _index.UpsertAsync(
            knowledgeBaseId, segments.Where(s => s.Enabled).Select(ToIndexed).ToList(), cancellationToken);
    }
}
