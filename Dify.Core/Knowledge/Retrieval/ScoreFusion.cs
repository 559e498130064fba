using Dify.Core.Knowledge.Indexing;

namespace Dify.Core.Knowledge.Retrieval;

/// <summary>
/// Turns raw scores into 0..1. Vector search: the cosine, as it is. Full text and keywords: BM25 as a share of the best
/// hit. Hybrid: both lists are stretched to 0..1 and added by weight; the vector list is measured from the score of its
/// last hit when the index had more to give (cosines of one model lie close together), from 0 when it gave all it has.
/// </summary>
internal static class ScoreFusion
{
    /// <summary>Best first; a segment that only one list holds has 0 from the other.</summary>
    public static List<(Guid SegmentId, double Score)> Rank(IReadOnlyList<SearchedBase> searched)
    {
        var bestText = Highest(searched.SelectMany(one => one.Text));
        var hybrid = searched.Where(one => one.Plan.Method == SearchMethod.HybridSearch).SelectMany(one => one.Vector).ToList();
        var bestVector = Highest(hybrid);
        var floor = searched.Any(one => one.Vector.Count == one.Plan.PoolSize) && hybrid.Count > 0
            ? hybrid.Min(hit => hit.Score) : 0;

        var scores = new Dictionary<Guid, double>();
        foreach (var one in searched)
        {
            var (vectorWeight, textWeight) = one.Plan.Weights;
            foreach (var hit in one.Vector)
            {
                var score = one.Plan.Method == SearchMethod.HybridSearch
                    ? Stretch(hit.Score, floor, bestVector)
                    : Math.Clamp(hit.Score, 0, 1);
                scores[hit.SegmentId] = vectorWeight * score;
            }

            foreach (var hit in one.Text)
            {
                scores[hit.SegmentId] = scores.GetValueOrDefault(hit.SegmentId) + (textWeight * Stretch(hit.Score, 0, bestText));
            }
        }

        return [.. scores.Select(pair => (pair.Key, Math.Round(Math.Clamp(pair.Value, 0, 1), 6)))
            .OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.Key)];
    }

    private static double Highest(IEnumerable<SegmentHit> hits) => hits.Select(hit => (double)hit.Score).DefaultIfEmpty().Max();

    private static double Stretch(double score, double low, double high) =>
        high > low ? Math.Clamp((score - low) / (high - low), 0, 1) : high > 0 ? 1 : 0;
}
