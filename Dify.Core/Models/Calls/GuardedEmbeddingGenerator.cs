using Dify.Core.Models.Providers;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Calls;

/// <summary>The same for embeddings; also refuses an answer with fewer or more vectors than texts.</summary>
internal sealed class GuardedEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner, ProviderCredentials credentials, string model, ModelCallOptions options, TimeProvider time)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly TimeSpan _answer = TimeSpan.FromSeconds(options.AnswerSeconds);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values as IReadOnlyCollection<string> ?? [.. values];
        using var patience = new Patience(time, cancellationToken);
        patience.WaitAtMost(_answer);
        try
        {
            var answer = await base.GenerateAsync(texts, options, patience.Token);
            return answer.Count == texts.Count && answer.All(embedding => embedding.Vector.Length > 0)
                ? answer
                : throw new ProviderCallException(ProviderFailure.Malformed, "");
        }
        catch (Exception failure) when (failure is OperationCanceledException ? patience.IsExhausted : ProviderErrors.IsCallFailure(failure))
        {
            throw ProviderErrors.Translate(
                failure is OperationCanceledException ? new ProviderCallException(ProviderFailure.TimedOut, "", failure) : failure, credentials, model);
        }
    }
}
