namespace Dify.Core.Models;

/// <summary>Says how well each of several texts answers a question. Safe for concurrent use.</summary>
public interface IReranker
{
    /// <param name="texts">At least one.</param>
    /// <param name="count">How many are wanted, 1 at least; the best ones are told.</param>
    /// <returns>The best <paramref name="count"/> texts, or all when there are fewer, each once, best first.</returns>
    Task<Ranking> RankAsync(string question, IReadOnlyList<string> texts, int count, CancellationToken cancellationToken = default);
}
