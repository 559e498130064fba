using Dify.Core.Egress;
using Dify.Core.Models.Calls;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.OpenAiCompatible;

/// <summary>Any server that speaks OpenAI's chat and embedding endpoints, or the rerank endpoint of Jina and Cohere: vLLM, LM Studio, OpenRouter, LocalAI, …</summary>
internal sealed class OpenAiCompatibleProvider(IHttpClientFactory clients) : IModelProvider
{
    private const int DefaultContext = 32_768;

    private static readonly string[] EmbeddingSigns = ["embed", "emb-", "-emb", "bge-", "gte-", "e5-", "minilm", "text2vec", "m3e"];

    private static readonly string[] RerankSigns = ["rerank", "cross-encoder", "ms-marco"];

    public ProviderSchema Schema { get; } = new(
        "openai-compatible", "OpenAI-compatible", "Any server that speaks OpenAI's API, or the rerank API of Jina and Cohere: vLLM, Xinference, LM Studio, OpenRouter, LocalAI and many more.",
        [
            new CredentialField("base_url", "Base URL", "url", Required: true, Secret: false, "", "Address of the API with its path, for example http://localhost:8000/v1."),
            new CredentialField("api_key", "API key", "text", Required: false, Secret: true, "", "Leave empty when the server needs none."),
            new CredentialField("check_model", "Model for the check", "text", Required: false, Secret: false, "", "Needed only when the server does not list its models: one of its models, which is called once to check the settings."),
            new CredentialField("context_size", "Context size", "number", Required: false, Secret: false, "32768", "Tokens that prompt and answer share."),
        ],
        [ModelType.Llm, ModelType.TextEmbedding, ModelType.Rerank], EmbeddingBatch: 64)
    {
        AcceptsAnyModel = true,
    };

    public ModelDescriptor? Describe(ProviderCredentials credentials, ModelType type, string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200)
        {
            return null;
        }

        var contextSize = credentials.Number("context_size") is > 0 and var size ? size : DefaultContext;
        return new ModelDescriptor
        {
            Reference = new ModelReference(Schema.Id, name),
            Type = type,
            Label = name,
            ContextSize = contextSize,
            Features = type == ModelType.Llm ? ["tool-call"] : [],
            AreFeaturesKnown = false,
            Parameters = type == ModelType.Llm ? ModelParameters.OpenAiChat(contextSize) : [],
        };
    }

    public IEnumerable<ModelDescriptor> Known(ProviderCredentials credentials, ModelType type) => [];

    public async Task<IReadOnlyList<ModelDescriptor>> ListModelsAsync(ProviderCredentials credentials, CancellationToken cancellationToken)
    {
        var wire = new OpenAiWire(clients.CreateClient(EgressClients.Models), credentials);
        IReadOnlyList<string> names;
        try
        {
            names = await wire.ListModelsAsync(cancellationToken);
        }
        catch (ProviderCallException failure) when (failure.Status is 404 or 405 or 501 && credentials["check_model"].Length > 0)
        {
            names = [credentials["check_model"]];
        }

        if (credentials["check_model"] is { Length: > 0 } check)
        {
            await CheckAsync(credentials, check, cancellationToken);
        }

        return [.. names.Distinct().Select(name => Describe(credentials, Guess(name), name)).OfType<ModelDescriptor>()];
    }

    public IChatClient CreateChatClient(ProviderCredentials credentials, ModelDescriptor model) =>
        new OpenAiWireChatClient(new OpenAiWire(clients.CreateClient(EgressClients.Models), credentials), model.Reference.Name);

    public IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddingGenerator(ProviderCredentials credentials, ModelDescriptor model) =>
        new OpenAiWireEmbeddingGenerator(new OpenAiWire(clients.CreateClient(EgressClients.Models), credentials), model.Reference.Name);

    public IReranker CreateReranker(ProviderCredentials credentials, ModelDescriptor model) =>
        new WireReranker(new OpenAiWire(clients.CreateClient(EgressClients.Models), credentials), model.Reference.Name);

    /// <summary>Names of rerank models often tell of embeddings too: bge-reranker-v2-m3.</summary>
    private static ModelType Guess(string name) =>
        HasOneOf(name, RerankSigns) ? ModelType.Rerank : HasOneOf(name, EmbeddingSigns) ? ModelType.TextEmbedding : ModelType.Llm;

    private static bool HasOneOf(string name, string[] signs) =>
        Array.Exists(signs, sign => name.Contains(sign, StringComparison.OrdinalIgnoreCase));

    private async Task CheckAsync(ProviderCredentials credentials, string model, CancellationToken cancellationToken)
    {
        var descriptor = Describe(credentials, Guess(model), model)!;
        switch (descriptor.Type)
        {
            case ModelType.Rerank:
                await CreateReranker(credentials, descriptor).RankAsync("OK?", ["OK."], 1, cancellationToken);
                break;
            case ModelType.TextEmbedding:
                using (var generator = CreateEmbeddingGenerator(credentials, descriptor))
                {
                    await generator.GenerateAsync(["OK."], cancellationToken: cancellationToken);
                }

                break;
            default:
                using (var client = CreateChatClient(credentials, descriptor))
                {
                    await client.GetResponseAsync("Say OK.", new ChatOptions { MaxOutputTokens = 16 }, cancellationToken);
                }

                break;
        }
    }
}
