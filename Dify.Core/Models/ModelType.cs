namespace Dify.Core.Models;

/// <summary>Kinds of model, with Dify's wire names <c>llm</c> and <c>text-embedding</c>.</summary>
public enum ModelType
{
    Llm,
    TextEmbedding,
}
