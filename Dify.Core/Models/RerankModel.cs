namespace Dify.Core.Models;

/// <summary>A rerank model ready to call, with the same promises as <see cref="ChatModel"/>.</summary>
public sealed record RerankModel(ModelDescriptor Descriptor, IReranker Reranker);
