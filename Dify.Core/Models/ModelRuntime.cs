using Dify.Core.Common;
using Dify.Core.Models.Calls;
using Dify.Core.Models.Credentials;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Dify.Core.Models;

/// <summary>Finds a model of a workspace and makes it ready to call. Ready models are kept until credentials change.</summary>
public sealed class ModelRuntime
{
    private readonly ProviderStore _store;
    private readonly ModelCallLog _log;
    private readonly ModelCallOptions _options;
    private readonly TimeProvider _time;

    internal ModelRuntime(ProviderStore store, ModelCallLog log, IOptions<ModelCallOptions> options, TimeProvider time) =>
        (_store, _log, _options, _time) = (store, log, options.Value, time);

    /// <param name="model">Null: the workspace default.</param>
    /// <exception cref="DifyException"><c>provider_not_initialize</c> or <c>model_currently_not_support</c>.</exception>
    public async ValueTask<ChatModel> GetChatModelAsync(
        Guid workspaceId, ModelReference? model, CancellationToken cancellationToken = default)
    {
        var (stored, name) = await FindAsync(workspaceId, model, ModelType.Llm, cancellationToken);
        return stored.GetReady(ModelType.Llm, name, () => CreateChatModel(workspaceId, stored, name));
    }

    /// <inheritdoc cref="GetChatModelAsync"/>
    public async ValueTask<EmbeddingModel> GetEmbeddingModelAsync(
        Guid workspaceId, ModelReference? model, CancellationToken cancellationToken = default)
    {
        var (stored, name) = await FindAsync(workspaceId, model, ModelType.TextEmbedding, cancellationToken);
        return stored.GetReady(ModelType.TextEmbedding, name, () => CreateEmbeddingModel(workspaceId, stored, name));
    }

    /// <inheritdoc cref="GetChatModelAsync"/>
    public async ValueTask<RerankModel> GetRerankModelAsync(
        Guid workspaceId, ModelReference? model, CancellationToken cancellationToken = default)
    {
        var (stored, name) = await FindAsync(workspaceId, model, ModelType.Rerank, cancellationToken);
        return stored.GetReady(ModelType.Rerank, name, () => CreateRerankModel(workspaceId, stored, name));
    }

    private async ValueTask<(StoredProvider Stored, string Name)> FindAsync(
        Guid workspaceId, ModelReference? model, ModelType type, CancellationToken cancellationToken)
    {
        var workspace = await _store.GetAsync(workspaceId, cancellationToken);
        var reference = model is null ? workspace.Default(type) : ModelReference.Parse(model.Provider, model.Name);
        if (!workspace.Providers.TryGetValue(reference.Provider, out var stored))
        {
            throw new ModelCallException(
                ErrorCodes.ProviderNotInitialize,
                _store.IsKnown(reference.Provider)
                    ? $"The model provider '{reference.Provider}' is not set up. Ask an admin to enter its credentials under Settings, Model providers, or choose another model."
                    : $"There is no model provider '{reference.Provider}' here, so the model '{reference.Name}' cannot be called. Ask an admin to set up the address of its "
                        + "API as the provider OpenAI-compatible under Settings, Model providers, and choose the model from there, or choose another one.",
                "LLMModeRequiredError");
        }

        return stored.Problem is { } problem
            ? throw new ModelCallException(ErrorCodes.ProviderNotInitialize, problem.Message, "LLMModeRequiredError", problem)
            : (stored, reference.Name);
    }

    private ChatModel CreateChatModel(Guid workspaceId, StoredProvider stored, string name)
    {
        var credentials = stored.Credentials!;
        var descriptor = stored.Provider.Describe(credentials, ModelType.Llm, name) ?? throw NotSupported(credentials.Schema.Label, name);
        var client = stored.Provider.CreateChatClient(credentials, descriptor);
        return new ChatModel(descriptor, new MeteredChatClient(
            new GuardedChatClient(client, credentials, name, _options, _time), _log, _time, workspaceId, descriptor));
    }

    private EmbeddingModel CreateEmbeddingModel(Guid workspaceId, StoredProvider stored, string name)
    {
        var credentials = stored.Credentials!;
        if (stored.Provider.Describe(credentials, ModelType.TextEmbedding, name) is not { } descriptor
            || stored.Provider.CreateEmbeddingGenerator(credentials, descriptor) is not { } generator)
        {
            throw NotSupported(credentials.Schema.Label, name);
        }

        return new EmbeddingModel(
            descriptor,
            new MeteredEmbeddingGenerator(
                new GuardedEmbeddingGenerator(generator, credentials, name, _options, _time), _log, _time, workspaceId, descriptor),
            credentials.Schema.EmbeddingBatch);
    }

    private RerankModel CreateRerankModel(Guid workspaceId, StoredProvider stored, string name)
    {
        var credentials = stored.Credentials!;
        if (stored.Provider.Describe(credentials, ModelType.Rerank, name) is not { } descriptor
            || stored.Provider.CreateReranker(credentials, descriptor) is not { } reranker)
        {
            throw NotSupported(credentials.Schema.Label, name);
        }

        return new RerankModel(
            descriptor,
            new MeteredReranker(new GuardedReranker(reranker, credentials, name, _options, _time), _log, _time, workspaceId, descriptor));
    }

    private static ModelCallException NotSupported(string provider, string name) => new(
        ErrorCodes.ModelCurrentlyNotSupport, $"{provider} has no model '{name}' of this kind. Choose another model.", "ModelNotExistError");
}
