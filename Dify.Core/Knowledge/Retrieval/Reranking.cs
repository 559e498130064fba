using Dify.Core.Models;

namespace Dify.Core.Knowledge.Retrieval;

/// <summary>Lets a rerank model put hits in order, where the settings name one.</summary>
public sealed class Reranking(ModelRuntime models)
{
    /// <summary>
    /// The best hits by the scores of the rerank model of the settings, and by the threshold, which then is one of these
    /// scores; without such a model the hits as they are.
    /// </summary>
    /// <exception cref="Common.DifyException">The model cannot be called, or its call failed.</exception>
    internal async Task<List<RetrievedSegment>> ApplyAsync(
        SearchPlan plan, string question, List<RetrievedSegment> hits, CancellationToken cancellationToken)
    {
        if (plan.Settings.RerankModel is not { } reference || hits.Count == 0)
        {
            return hits;
        }

        var model = await models.GetRerankModelAsync(plan.Base.WorkspaceId, reference, cancellationToken);
        var ranking = await model.Reranker.RankAsync(question, hits.ConvertAll(hit => hit.Content), plan.TopK, cancellationToken);
        return [.. ranking.Texts
            .Select(text => hits[text.Index] with { Score = Math.Round(text.Score, 6) })
            .Where(hit => hit.Score >= plan.Threshold)];
    }
}
