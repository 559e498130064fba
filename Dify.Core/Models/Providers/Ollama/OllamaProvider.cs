using Dify.Core.Egress;
using Microsoft.Extensions.AI;
using OllamaSharp;

namespace Dify.Core.Models.Providers.Ollama;

/// <summary>Models that run on a machine of one's own, by Ollama.</summary>
internal sealed class OllamaProvider(IHttpClientFactory clients) : IModelProvider
{
    public const string Id = "ollama";

    private const int DefaultContext = 8192;

    private static readonly string[] EmbeddingSigns = ["embed", "minilm", "bge-", "e5-", "gte-"];

    public ProviderSchema Schema { get; } = new(
        Id, "Ollama", "Open models on a machine of your own.",
        [
            new CredentialField("base_url", "Base URL", "url", Required: true, Secret: false, "http://localhost:11434", "Address of the Ollama server."),
            new CredentialField("api_key", "API key", "text", Required: false, Secret: true, "", "Only for servers behind a gateway that asks for one."),
            new CredentialField("context_size", "Context size", "number", Required: false, Secret: false, "8192", "Tokens that prompt and answer share; the server reserves memory for them."),
        ],
        [ModelType.Llm, ModelType.TextEmbedding], EmbeddingBatch: 32)
    {
        HelpUrl = "https://docs.ollama.com/quickstart",
        AcceptsAnyModel = true,
    };

    public ModelDescriptor? Describe(ProviderCredentials credentials, ModelType type, string name)
    {
        if (type == ModelType.Rerank || string.IsNullOrWhiteSpace(name) || name.Length > 200)
        {
            return null;
        }

        var context = credentials.Number("context_size") is > 0 and var size ? size : DefaultContext;
        return new ModelDescriptor
        {
            Reference = new ModelReference(Id, name),
            Type = type,
            Label = name,
            ContextSize = context,
            Features = type == ModelType.Llm ? ["tool-call"] : [],
            AreFeaturesKnown = false,
            Parameters = type == ModelType.Llm
                ? [ModelParameters.Temperature, ModelParameters.TopP, ModelParameters.TopK, ModelParameters.MaxTokens(context),
                    ModelParameters.PresencePenalty, ModelParameters.FrequencyPenalty, ModelParameters.Stop, ModelParameters.Seed]
                : [],
        };
    }

    public IEnumerable<ModelDescriptor> Known(ProviderCredentials credentials, ModelType type) => [];

    public async Task<IReadOnlyList<ModelDescriptor>> ListModelsAsync(ProviderCredentials credentials, CancellationToken cancellationToken)
    {
        using var client = Client(credentials, "");
        var models = await client.ListLocalModelsAsync(cancellationToken);
        return [.. models.Select(model => Describe(credentials, IsEmbedding(model) ? ModelType.TextEmbedding : ModelType.Llm, model.Name)).OfType<ModelDescriptor>()];
    }

    public IChatClient CreateChatClient(ProviderCredentials credentials, ModelDescriptor model) =>
        new OllamaOptions(Client(credentials, model.Reference.Name), model.ContextSize);

    public IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddingGenerator(ProviderCredentials credentials, ModelDescriptor model) =>
        Client(credentials, model.Reference.Name);

    public IReranker? CreateReranker(ProviderCredentials credentials, ModelDescriptor model) => null;

    private static bool IsEmbedding(OllamaSharp.Models.Model model) =>
        EmbeddingSigns.Any(sign => model.Name.Contains(sign, StringComparison.OrdinalIgnoreCase))
        || model.Details?.Family?.Contains("bert", StringComparison.OrdinalIgnoreCase) == true;

    private OllamaApiClient Client(ProviderCredentials credentials, string model)
    {
        var http = clients.CreateClient(EgressClients.Models);
        http.BaseAddress = credentials.BaseAddress;
        if (credentials["api_key"] is { Length: > 0 } key)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }

        return new OllamaApiClient(http, model);
    }
}
