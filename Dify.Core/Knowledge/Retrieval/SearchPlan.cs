using Dify.Core.Knowledge.Indexing;
using Dify.Core.Models;

namespace Dify.Core.Knowledge.Retrieval;

/// <summary>How one base is searched for one question.</summary>
internal sealed record SearchPlan(KnowledgeBase Base, RetrievalSettings Settings, SearchMethod Method)
{
    /// <summary>Hits to read: those of the result, or what is given to a rerank model.</summary>
    public int Wanted => Settings.RerankModel is null ? TopK : Math.Clamp(3 * TopK, FewestReranked, MostReranked);

    /// <summary>Hits asked of each search when most of them may fall to a filter.</summary>
    private const int FilteredPool = 10_000;

    /// <summary>Hits that a rerank model puts in order, at least and at most: each costs time and money.</summary>
    private const int FewestReranked = 20;

    private const int MostReranked = 100;

    public bool IsFiltered { get; init; }

    public static SearchPlan For(KnowledgeBase knowledge, RetrievalQuery query)
    {
        var settings = query.Settings ?? Own(knowledge.Retrieval, query);
        var method = (knowledge.IndexingTechnique, settings.SearchMethod) switch
        {
            (IndexingTechnique.Economy, _) => SearchMethod.KeywordSearch,
            (_, SearchMethod.HybridSearch) when settings.VectorWeight <= 0 => SearchMethod.FullTextSearch,
            (_, SearchMethod.HybridSearch) when settings.VectorWeight >= 1 => SearchMethod.SemanticSearch,
            (_, var chosen) => chosen,
        };
        return new SearchPlan(knowledge, settings, method) { IsFiltered = query.Filter is not null };
    }

    private static RetrievalSettings Own(RetrievalSettings settings, RetrievalQuery query) => settings with
    {
        TopK = query.TopK ?? settings.TopK,
        ScoreThresholdEnabled = query.ScoreThreshold is { } threshold ? threshold > 0 : settings.ScoreThresholdEnabled,
        ScoreThreshold = query.ScoreThreshold ?? settings.ScoreThreshold,
    };

    public bool NeedsVector => Method is SearchMethod.SemanticSearch or SearchMethod.HybridSearch;

    public bool NeedsText => Method is not SearchMethod.SemanticSearch;

    /// <summary>Null: the workspace default.</summary>
    public ModelReference? EmbeddingModel => Base is { EmbeddingProvider: { } provider, EmbeddingModel: { } model }
        ? ModelReference.Parse(provider, model) : null;

    public int TopK => Math.Clamp(Settings.TopK, 1, 100);

    /// <summary>Hits asked of each search: enough to fuse, and to fill up after disabled ones are left out.</summary>
    public int PoolSize => IsFiltered ? FilteredPool : Math.Max(50, 5 * TopK);

    public (double Vector, double Text) Weights => Method switch
    {
        SearchMethod.HybridSearch => (Settings.VectorWeight, 1 - Settings.VectorWeight),
        SearchMethod.SemanticSearch => (1, 0),
        _ => (0, 1),
    };

    public double Threshold => Settings.ScoreThresholdEnabled ? Settings.ScoreThreshold : 0;

    /// <summary>The threshold of the search's own scores: none where the scores of a rerank model decide.</summary>
    public double SearchThreshold => Settings.RerankModel is null ? Threshold : 0;
}

/// <summary>What the index answered.</summary>
internal sealed record SearchedBase(SearchPlan Plan, IReadOnlyList<SegmentHit> Vector, IReadOnlyList<SegmentHit> Text);
