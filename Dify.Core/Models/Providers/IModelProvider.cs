using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers;

/// <summary>
/// A vendor of models: what its credentials look like, which models it has, and how they are called. Clients that it
/// makes are kept and shared between requests, so they must be safe for concurrent use; they throw
/// <see cref="Calls.ProviderCallException"/> or what their SDK throws, and the caller translates.
/// </summary>
internal interface IModelProvider
{
    ProviderSchema Schema { get; }

    /// <summary>Describes a model by name; null when the provider certainly has no such model.</summary>
    ModelDescriptor? Describe(ProviderCredentials credentials, ModelType type, string name);

    /// <summary>Models that are known without asking the vendor; nothing for vendors whose list only they know.</summary>
    IEnumerable<ModelDescriptor> Known(ProviderCredentials credentials, ModelType type);

    /// <summary>
    /// Asks the vendor which models these credentials open: the live check before credentials are saved.
    /// </summary>
    /// <exception cref="Calls.ProviderCallException">The vendor refused or did not answer.</exception>
    Task<IReadOnlyList<ModelDescriptor>> ListModelsAsync(ProviderCredentials credentials, CancellationToken cancellationToken);

    IChatClient CreateChatClient(ProviderCredentials credentials, ModelDescriptor model);

    /// <summary>Null when the provider has no embedding models.</summary>
    IEmbeddingGenerator<string, Embedding<float>>? CreateEmbeddingGenerator(ProviderCredentials credentials, ModelDescriptor model);

    /// <summary>Null when the provider has no rerank models.</summary>
    IReranker? CreateReranker(ProviderCredentials credentials, ModelDescriptor model);
}
