using Dify.Core.Common;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Models;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;

namespace Dify.Core.Knowledge.Retrieval;

/// <summary>Searches knowledge bases: documents that are enabled, completed and not archived, and enabled segments.</summary>
public sealed class Retriever
{
    /// <summary>A longer question is cut: what follows would only blur the search.</summary>
    private const int LongestQuestion = 8000;

    /// <summary>Segments read at once where a filter may take most of them.</summary>
    private const int FilteredSlice = 500;

    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly ISegmentIndex _index;
    private readonly ModelRuntime _models;
    private readonly RetrievalLog _log;
    private readonly FilteredDocuments _documents;
    private readonly Reranking _reranking;

    public Retriever(
        IDbContextFactory<DifyDbContext> contexts, ISegmentIndex index, ModelRuntime models, RetrievalLog log, FilteredDocuments documents,
        Reranking reranking)
    {
        _reranking = reranking;
        _documents = documents;
        _contexts = contexts;
        _index = index;
        _models = models;
        _log = log;
    }

    /// <summary>The best hits over all named bases, best first. An empty question gives an empty result.</summary>
    /// <exception cref="DifyException">404 when a base is not in the workspace; model errors of the embedding and the reranking.</exception>
    public async Task<IReadOnlyList<RetrievedSegment>> RetrieveAsync(
        RetrievalQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var text = query.Text.Trim();
        text = text.Length > LongestQuestion ? text[..LongestQuestion] : text;
        if (text.Length == 0 || query.KnowledgeBaseIds.Count == 0)
        {
            return [];
        }

        var bases = await LoadBasesAsync(query, cancellationToken);
        var plans = bases.Where(b => b.IndexingTechnique is not null).Select(b => SearchPlan.For(b, query)).ToList();
        var allowed = query.Filter is null ? null : await _documents.FindAsync(bases.ConvertAll(b => b.Id), query.Filter, cancellationToken);
        if (allowed is { Count: 0 })
        {
            plans.Clear();
        }

        var vectors = await EmbedAsync(query.WorkspaceId, plans, text, cancellationToken);
        var searched = await Task.WhenAll(plans.Select(plan =>
            Task.Run(() => SearchAsync(plan, vectors, text, cancellationToken), cancellationToken)));

        var found = new List<RetrievedSegment>();
        if (query.Settings is not null && plans.Count > 0)
        {
            var hits = await LoadAsync(plans[0], ScoreFusion.Rank(searched), bases, allowed, cancellationToken);
            found.AddRange(await _reranking.ApplyAsync(plans[0], text, hits, cancellationToken));
        }
        else
        {
            foreach (var one in searched)
            {
                var hits = await LoadAsync(one.Plan, ScoreFusion.Rank([one]), bases, allowed, cancellationToken);
                found.AddRange(await _reranking.ApplyAsync(one.Plan, text, hits, cancellationToken));
            }
        }

        var best = found.OrderByDescending(hit => hit.Score).Take(plans.Select(plan => plan.TopK).DefaultIfEmpty().Max())
            .Select((hit, index) => hit with { Position = index + 1 }).ToList();
        _log.Add(query with { Text = text }, best);
        return best;
    }

    /// <summary>Names and descriptions of those of the bases that are in the workspace, in the given order.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Name, string Description)>> DescribeAsync(
        Guid workspaceId, IReadOnlyList<Guid> knowledgeBaseIds, CancellationToken cancellationToken = default)
    {
        var bases = await LoadBasesAsync(
            new RetrievalQuery { WorkspaceId = workspaceId, KnowledgeBaseIds = knowledgeBaseIds, Text = "", SkipsMissing = true }, cancellationToken);
        return [.. bases.Select(b => (b.Id, b.Name, b.Description))];
    }

    private async Task<List<KnowledgeBase>> LoadBasesAsync(RetrievalQuery query, CancellationToken cancellationToken)
    {
        var ids = query.KnowledgeBaseIds.Distinct().ToList();
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var bases = await db.KnowledgeBases.AsNoTracking()
            .Where(k => k.WorkspaceId == query.WorkspaceId && ids.Contains(k.Id)).ToListAsync(cancellationToken);
        return bases.Count == ids.Count || query.SkipsMissing
            ? [.. bases.OrderBy(k => ids.IndexOf(k.Id))]
            : throw DifyException.NotFound("A knowledge base was not found. It may have been deleted; choose another one.");
    }

    /// <summary>The question as a vector of each embedding model that the plans need; no connection is held.</summary>
    private async Task<Dictionary<string, ReadOnlyMemory<float>>> EmbedAsync(
        Guid workspaceId, List<SearchPlan> plans, string text, CancellationToken cancellationToken)
    {
        var needed = plans.Where(plan => plan.NeedsVector).DistinctBy(KeyOf);
        var embedded = await Task.WhenAll(needed.Select(async plan =>
        {
            var model = await _models.GetEmbeddingModelAsync(workspaceId, plan.EmbeddingModel, cancellationToken);
            var answer = await model.Generator.GenerateAsync([text], cancellationToken: cancellationToken);
            return (Key: KeyOf(plan), answer[0].Vector);
        }));
        return embedded.ToDictionary(one => one.Key, one => one.Vector, StringComparer.Ordinal);
    }

    private static string KeyOf(SearchPlan plan) => plan.EmbeddingModel?.ToString() ?? "";

    private async Task<SearchedBase> SearchAsync(
        SearchPlan plan, Dictionary<string, ReadOnlyMemory<float>> vectors, string text, CancellationToken cancellationToken)
    {
        var byVector = plan.NeedsVector
            ? await _index.SearchVectorAsync(plan.Base.Id, vectors[KeyOf(plan)], plan.PoolSize, cancellationToken)
            : [];
        var byText = plan.NeedsText
            ? await _index.SearchTextAsync(plan.Base.Id, text, plan.PoolSize, cancellationToken)
            : [];
        return new SearchedBase(plan, byVector, byText);
    }

    /// <summary>
    /// Reads the best segments from the store, which has the last word on what may be found, and a few more where some
    /// fall out.
    /// </summary>
    private async Task<List<RetrievedSegment>> LoadAsync(
        SearchPlan plan, List<(Guid SegmentId, double Score)> ranked, List<KnowledgeBase> bases, HashSet<Guid>? allowed,
        CancellationToken cancellationToken)
    {
        var wanted = ranked.Where(one => one.Score > 0 && one.Score >= plan.SearchThreshold).ToList();
        var found = new List<RetrievedSegment>();
        if (wanted.Count == 0)
        {
            return found;
        }

        var names = bases.ToDictionary(b => b.Id, b => b.Name);
        var baseIds = bases.ConvertAll(b => b.Id);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        foreach (var slice in wanted.Chunk(allowed is null ? plan.Wanted + 5 : FilteredSlice))
        {
            var rows = await ReadAsync(db, [.. slice.Select(one => one.SegmentId)], baseIds, cancellationToken);
            foreach (var (segmentId, score) in slice)
            {
                if (found.Count < plan.Wanted && rows.TryGetValue(segmentId, out var hit) && allowed?.Contains(hit.DocumentId) != false)
                {
                    found.Add(hit with { KnowledgeBaseName = names[hit.KnowledgeBaseId], Score = score });
                }
            }

            if (found.Count == plan.Wanted)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>Two look-ups by primary key: joined and filtered in one, SQLite walks all segments of the base.</summary>
    private static async Task<Dictionary<Guid, RetrievedSegment>> ReadAsync(
        DifyDbContext db, List<Guid> segmentIds, List<Guid> baseIds, CancellationToken cancellationToken)
    {
        var rows = await db.Segments.AsNoTracking().Where(s => segmentIds.Contains(s.Id))
            .Select(s => new
            {
                s.Id, s.KnowledgeBaseId, s.DocumentId, s.Position, s.Content, s.WordCount, s.Tokens, s.HitCount, s.Keywords, s.Enabled,
            })
            .ToListAsync(cancellationToken);
        var documentIds = rows.ConvertAll(row => row.DocumentId).Distinct().ToList();
        var documents = await db.Documents.AsNoTracking().Where(d => documentIds.Contains(d.Id))
            .Select(d => new { d.Id, d.Name, IsSearched = d.Enabled && !d.Archived && d.IndexingStatus == IndexingStatus.Completed })
            .ToDictionaryAsync(d => d.Id, cancellationToken);
        return rows
            .Where(row => row.Enabled && baseIds.Contains(row.KnowledgeBaseId)
                && documents.TryGetValue(row.DocumentId, out var document) && document.IsSearched)
            .ToDictionary(row => row.Id, row => new RetrievedSegment(
                row.KnowledgeBaseId, "", row.DocumentId, documents[row.DocumentId].Name, row.Id, row.Position, row.Content,
                row.WordCount, row.Tokens, row.HitCount, row.Keywords, 0, 0));
    }
}
