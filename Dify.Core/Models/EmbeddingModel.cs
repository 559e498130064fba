using Microsoft.Extensions.AI;

namespace Dify.Core.Models;

/// <summary>An embedding model ready to call, with the same promises as <see cref="ChatModel"/>.</summary>
/// <param name="BatchSize">Texts a call that the provider takes at most.</param>
public sealed record EmbeddingModel(
    ModelDescriptor Descriptor, IEmbeddingGenerator<string, Embedding<float>> Generator, int BatchSize);
