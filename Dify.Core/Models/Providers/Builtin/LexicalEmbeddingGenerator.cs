using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.Builtin;

/// <summary>The embedding model <c>lexical</c>.</summary>
internal sealed class LexicalEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = new GeneratedEmbeddings<Embedding<float>>();
        var scratch = new List<Term>(4096);
        foreach (var text in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            answer.Add(new Embedding<float>(LexicalEmbedding.Embed(text, scratch)));
        }

        return Task.FromResult(answer);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Nothing is held.
    }
}
