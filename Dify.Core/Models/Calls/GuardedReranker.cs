using Dify.Core.Models.Providers;

namespace Dify.Core.Models.Calls;

/// <summary>The same for reranking; also refuses an answer that ranks other texts than were asked for, or scores without meaning.</summary>
internal sealed class GuardedReranker(
    IReranker inner, ProviderCredentials credentials, string model, ModelCallOptions options, TimeProvider time) : IReranker
{
    private readonly TimeSpan _answer = TimeSpan.FromSeconds(options.AnswerSeconds);

    public async Task<Ranking> RankAsync(string question, IReadOnlyList<string> texts, int count, CancellationToken cancellationToken = default)
    {
        using var patience = new Patience(time, cancellationToken);
        patience.WaitAtMost(_answer);
        try
        {
            var answer = await inner.RankAsync(question, texts, count, patience.Token);
            return IsWhole(answer.Texts, texts.Count, Math.Min(count, texts.Count))
                ? answer
                : throw new ProviderCallException(ProviderFailure.Malformed, "");
        }
        catch (Exception failure) when (failure is OperationCanceledException ? patience.IsExhausted : ProviderErrors.IsCallFailure(failure))
        {
            throw ProviderErrors.Translate(
                failure is OperationCanceledException ? new ProviderCallException(ProviderFailure.TimedOut, "", failure) : failure, credentials, model);
        }
    }

    private static bool IsWhole(IReadOnlyList<RankedText> ranked, int given, int wanted) =>
        ranked.Count == wanted
        && ranked.All(text => text.Index >= 0 && text.Index < given && text.Score is >= 0 and <= 1)
        && ranked.DistinctBy(text => text.Index).Count() == wanted;
}
