using Anthropic;
using Anthropic.Core;
using Dify.Core.Egress;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.Anthropic;

/// <summary>Anthropic by its own SDK, with its retries and time limits off: ours apply to every provider alike.</summary>
internal sealed class AnthropicProvider(IHttpClientFactory clients) : IModelProvider
{
    public const string Id = "anthropic";

    /// <summary>The wire wants a limit; this one applies when neither app nor node names one.</summary>
    private const int DefaultMaxTokens = 4096;

    public ProviderSchema Schema { get; } = new(
        Id, "Anthropic", "The Claude models of Anthropic.",
        [
            new CredentialField("api_key", "API key", "text", Required: true, Secret: true, "", "Starts with sk-ant-."),
            new CredentialField("base_url", "Base URL", "url", Required: false, Secret: false, "https://api.anthropic.com", "Change it only when you go through a gateway."),
        ],
        [ModelType.Llm], EmbeddingBatch: 1)
    {
        HelpUrl = "https://console.anthropic.com/settings/keys",
    };

    public ModelDescriptor? Describe(ProviderCredentials credentials, ModelType type, string name) =>
        type != ModelType.Llm || string.IsNullOrWhiteSpace(name) || name.Length > 200 ? null : AnthropicModels.Describe(name);

    public IEnumerable<ModelDescriptor> Known(ProviderCredentials credentials, ModelType type) =>
        type == ModelType.Llm ? AnthropicModels.All : [];

    public async Task<IReadOnlyList<ModelDescriptor>> ListModelsAsync(ProviderCredentials credentials, CancellationToken cancellationToken)
    {
        using var client = Client(credentials);
        var page = await client.Models.List(new() { Limit = 100 }, cancellationToken);
        return [.. page.Items.Select(model => AnthropicModels.Describe(model.ID, model.DisplayName))];
    }

    public IChatClient CreateChatClient(ProviderCredentials credentials, ModelDescriptor model) =>
        new SamplingParameters(
            Client(credentials).AsIChatClient(model.Reference.Name, DefaultMaxTokens), model.Reference.Name, DefaultMaxTokens);

    public IEmbeddingGenerator<string, Embedding<float>>? CreateEmbeddingGenerator(ProviderCredentials credentials, ModelDescriptor model) => null;

    public IReranker? CreateReranker(ProviderCredentials credentials, ModelDescriptor model) => null;

    private AnthropicClient Client(ProviderCredentials credentials) => new(new ClientOptions
    {
        ApiKey = credentials["api_key"],
        BaseUrl = credentials["base_url"],
        HttpClient = clients.CreateClient(EgressClients.Models),
        MaxRetries = 0,
        Timeout = TimeSpan.FromDays(1),
    });
}
