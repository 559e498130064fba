namespace Dify.Core.Models.Providers.Builtin;

/// <summary>The rerank model <c>overlap</c>: the share of the question's telling words that a text has.</summary>
internal sealed class OverlapReranker : IReranker
{
    public Task<Ranking> RankAsync(string question, IReadOnlyList<string> texts, int count, CancellationToken cancellationToken = default)
    {
        var wanted = Words(question);
        var words = new List<HashSet<Term>>(texts.Count);
        foreach (var text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            words.Add(Words(text));
        }

        // A word that few of the texts have tells more than one that stands in all of them.
        var weights = wanted.ToDictionary(term => term, term => 1 / (1.0 + words.Count(one => one.Contains(term))));
        var total = weights.Values.Sum();
        var ranked = words
            .Select((one, at) => new RankedText(at, total == 0 ? 0 : Math.Clamp(wanted.Where(one.Contains).Sum(term => weights[term]) / total, 0, 1)))
            .OrderByDescending(text => text.Score).ThenBy(text => text.Index).Take(count);
        return Task.FromResult(new Ranking([.. ranked], null));
    }

    private static HashSet<Term> Words(string text)
    {
        var terms = new List<Term>();
        TermReader.Read(text, grams: false, terms);
        return [.. terms.Where(term => term.Kind == TermKind.Word)];
    }
}
