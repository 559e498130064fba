using Dify.Core.Models;

namespace Dify.Core.Knowledge.Retrieval;

/// <summary>How a knowledge base is searched (<c>retrieval_model</c> on the wire).</summary>
public sealed record RetrievalSettings
{
    public SearchMethod SearchMethod { get; init; } = SearchMethod.HybridSearch;

    /// <summary>1 to 10.</summary>
    public int TopK { get; init; } = 3;

    public bool ScoreThresholdEnabled { get; init; }

    /// <summary>0 to 1: only hits at or above it are kept; with a rerank model by its scores.</summary>
    public double ScoreThreshold { get; init; } = 0.5;

    /// <summary>0 to 1: weight of the vector score in hybrid search; the keyword score has the rest.</summary>
    public double VectorWeight { get; init; } = 0.7;

    /// <summary>Puts the hits in order and gives the scores; null: none, the search's own scores count.</summary>
    public ModelReference? RerankModel { get; init; }
}
