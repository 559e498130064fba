using System.Collections.Frozen;

namespace Dify.Core.Knowledge.Indexing.Analysis;

/// <summary>English words that carry no topic. Chinese has none here: the inverse document frequency weighs them down.</summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> Words =
        """
        a about above after again against all am an and any are aren as at be because been before being below between
        both but by can cannot could couldn did didn do does doesn doing don down during each few for from further had
        hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it its itself
        just ll me more most must mustn my myself no nor not now of off on once only or other our ours ourselves out
        over own re same shan she should shouldn so some such than that the their theirs them themselves then there
        these they this those through to too under until up ve very was wasn we were weren what when where which while
        who whom why will with won would wouldn you your yours yourself yourselves s t d m
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> word) => Lookup.Contains(word);
}
