namespace Dify.Core.Models.Providers.Builtin;

/// <summary>Finds the sentences that share the most telling words with a question.</summary>
internal static class Extract
{
    /// <summary>Share of the question's telling words, by weight, that the best sentence must have.</summary>
    private const double LeastCover = 0.3;

    /// <summary>Further sentences count when they are at least this good compared with the best.</summary>
    private const double LeastShareOfBest = 0.5;

    public static IReadOnlyList<string> Find(string context, string question, int most)
    {
        var wanted = Words(question);
        if (wanted.Count == 0)
        {
            return [];
        }

        var sentences = SentenceReader.Read(context);
        var words = sentences.Select(Words).ToList();
        var weights = Weigh(wanted, words);
        var total = weights.Values.Sum();
        var best = words
            .Select((terms, at) => (At: at, Cover: wanted.Where(terms.Contains).Sum(term => weights[term]) / total, terms.Count))
            .Select(found => (found.At, found.Cover, Score: found.Cover / (1 + (found.Count / 80.0))))
            .Where(found => found.Cover >= LeastCover)
            .OrderByDescending(found => found.Score)
            .ThenBy(found => found.At)
            .DistinctBy(found => sentences[found.At])
            .ToList();
        return best.Count == 0 ? [] :
            [.. best.TakeWhile(found => found.Score >= best[0].Score * LeastShareOfBest).Take(most).OrderBy(found => found.At).Select(found => sentences[found.At])];
    }

    private static HashSet<Term> Words(string text)
    {
        var terms = new List<Term>();
        TermReader.Read(text, grams: false, terms);
        return [.. terms.Where(term => term.Kind == TermKind.Word)];
    }

    /// <summary>A word that few sentences have tells more than one that stands everywhere.</summary>
    private static Dictionary<Term, double> Weigh(HashSet<Term> wanted, List<HashSet<Term>> sentences)
    {
        var weights = new Dictionary<Term, double>(wanted.Count);
        foreach (var term in wanted)
        {
            // A word that stands nowhere weighs no more than one that stands once: Chinese pairs across words never stand anywhere.
            var having = Math.Max(1, sentences.Count(terms => terms.Contains(term)));
            weights[term] =
                Math.Log(1 + ((sentences.Count - having + 0.5) / (having + 0.5)));
        }

        return weights;
    }
}
