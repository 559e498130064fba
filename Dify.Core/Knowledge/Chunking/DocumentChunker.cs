using Dify.Core.Knowledge.Cleaning;

namespace Dify.Core.Knowledge.Chunking;

/// <summary>The steps from a document's text to its chunks: one path for preview and for what is stored.</summary>
internal static class DocumentChunker
{
    public static string Clean(string text, ProcessRule rule) => TextCleaner.Clean(text, rule);

    /// <exception cref="Common.DifyException">Nothing is left to store, or the rule cuts too finely.</exception>
    public static IReadOnlyList<string> Cut(string cleaned, ProcessRule rule)
    {
        var chunks = TextChunker.Cut(cleaned, rule);
        return chunks.Count > 0 ? chunks : throw Extraction.DocumentReader.NoText();
    }
}
