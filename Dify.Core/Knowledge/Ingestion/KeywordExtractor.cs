using System.Runtime.InteropServices;
using Dify.Core.Knowledge.Indexing.Analysis;

namespace Dify.Core.Knowledge.Ingestion;

/// <summary>The most frequent terms of a segment, longer ones first among equals, for economy indexing.</summary>
internal static class KeywordExtractor
{
    public const int Count = 10;

    public static List<string> Extract(string text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        TextAnalyzer.Analyze(text, term =>
        {
            if (term.Length > 1)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(lookup, term, out _)++;
            }
        });
        return [.. counts
            .OrderByDescending(pair => pair.Value)
            .ThenByDescending(pair => pair.Key.Length)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(Count)
            .Select(pair => pair.Key)];
    }
}
