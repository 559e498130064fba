using System.Net;
using System.Text.RegularExpressions;
using Dify.Core.Knowledge.Indexing;
using Dify.Core.Knowledge.Indexing.Local;

namespace Dify.Tests.Knowledge;

/// <summary>
/// 1,400 abstracts, 225 questions and which abstracts answer them. The n-th question of the file is number n of the
/// judgements, whatever number stands in it. Judgements of 1 to 4 mean _relevant.
/// </summary>
internal sealed partial class CranfieldCollection
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string> _questions;
    private readonly Dictionary<int, HashSet<int>> _relevant = [];

    public CranfieldCollection(string folder)
    {
        Segments = [.. Document().Matches(File.ReadAllText(Path.Combine(folder, "cran.all.1400.xml"))).Select(ToSegment)];
        _questions = [.. Title().Matches(File.ReadAllText(Path.Combine(folder, "cran.qry.xml")))
            .Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];
        foreach (var line in File.ReadLines(Path.Combine(folder, "cranqrel.trec.txt")))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 4 && int.Parse(fields[3], null) is >= 1 and <= 4)
            {
                var question = int.Parse(fields[0], null);
                (_relevant.TryGetValue(question, out var set) ? set : _relevant[question] = []).Add(int.Parse(fields[2], null));
            }
        }
    }

    public IReadOnlyList<IndexedSegment> Segments { get; }

    public int Questions => _questions.Count;

    /// <summary>Mean average precision over 1,000 results, and mean nDCG of the first ten with gains of 0 and 1.</summary>
    public (double Map, double Ndcg) Score(Func<string, IReadOnlyList<SegmentHit>> search)
    {
        double precision = 0, gain = 0;
        foreach (var (question, answers) in _relevant)
        {
            var ranked = search(_questions[question - 1]).Select(hit => _numbers[hit.SegmentId.ToString()]).ToList();
            double found = 0, sum = 0, dcg = 0, ideal = 0;
            for (var rank = 0; rank < ranked.Count; rank++)
            {
                if (answers.Contains(ranked[rank]))
                {
                    sum += ++found / (rank + 1);
                    dcg += rank < 10 ? 1 / Math.Log2(rank + 2) : 0;
                }
            }

            for (var rank = 0; rank < Math.Min(10, answers.Count); rank++)
            {
                ideal += 1 / Math.Log2(rank + 2);
            }

            precision += sum / answers.Count;
            gain += dcg / ideal;
        }

        return (precision / _relevant.Count, gain / _relevant.Count);
    }

    public (double Map, double Ndcg) ScoreLocalIndex()
    {
        var index = new KnowledgeBaseIndex();
        index.Upsert(Segments);
        return Score(question => index.Snapshot.SearchText(question, 1000));
    }

    private IndexedSegment ToSegment(Match match)
    {
        var id = Guid.CreateVersion7();
        _numbers[id.ToString()] = int.Parse(match.Groups[1].Value, null);
        return new IndexedSegment(id, id, WebUtility.HtmlDecode(match.Groups[2].Value + "\n" + match.Groups[3].Value), default);
    }

    [GeneratedRegex(@"<doc>\s*<docno>\s*(\d+)\s*</docno>\s*<title>(.*?)</title>.*?<text>(.*?)</text>", RegexOptions.Singleline)]
    private static partial Regex Document();

    [GeneratedRegex("<title>(.*?)</title>", RegexOptions.Singleline)]
    private static partial Regex Title();
}
