namespace Dify.Core.Models;

/// <summary>Kinds of model, with Dify's wire names <c>llm</c>, <c>text-embedding</c> and <c>rerank</c>.</summary>
public enum ModelType
{
    Llm,
    TextEmbedding,
    Rerank,
}
