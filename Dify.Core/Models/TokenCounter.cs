using System.Text;
using Microsoft.ML.Tokenizers;

namespace Dify.Core.Models;

/// <summary>Counts tokens with the o200k_base vocabulary: exact for OpenAI's models, close enough to budget others.</summary>
/// <remarks>The vocabulary is read when first needed, so that it costs the start nothing.</remarks>
public static class TokenCounter
{
    private static readonly Lazy<Tokenizer> Vocabulary = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    public static int Count(string text) => string.IsNullOrEmpty(text) ? 0 : Vocabulary.Value.CountTokens(text);

    /// <summary>
    /// Whether the text takes at most <paramref name="budget"/> tokens. Short texts are decided without counting,
    /// because no token is shorter than one byte.
    /// </summary>
    public static bool Fits(string text, int budget) =>
        string.IsNullOrEmpty(text) || Encoding.UTF8.GetByteCount(text) <= budget || Count(text) <= budget;
}
