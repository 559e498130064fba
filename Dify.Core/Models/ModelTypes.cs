using Dify.Core.Common;

namespace Dify.Core.Models;

/// <summary>Dify's wire names of the model types.</summary>
public static class ModelTypes
{
    public static string ToWire(this ModelType type) => type switch
    {
        ModelType.Llm => "llm",
        ModelType.TextEmbedding => "text-embedding",
        ModelType.Rerank => "rerank",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <exception cref="DifyException">400 <c>invalid_param</c>.</exception>
    public static ModelType Parse(string? name) => name switch
    {
        "llm" or "text-generation" => ModelType.Llm,
        "text-embedding" or "embeddings" => ModelType.TextEmbedding,
        "rerank" or "reranking" => ModelType.Rerank,
        _ => throw DifyException.Invalid($"The model type '{name}' is not known. Use llm, text-embedding or rerank."),
    };
}
