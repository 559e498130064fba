using System.ClientModel;
using System.ClientModel.Primitives;
using Dify.Core.Egress;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Models;

namespace Dify.Core.Models.Providers.OpenAi;

/// <summary>OpenAI by its own SDK. Retries and time limits of the SDK are off: ours apply to every provider alike.</summary>
internal sealed class OpenAiProvider(IHttpClientFactory clients) : IModelProvider
{
    public const string Id = "openai";

    private static readonly string[] ChatSigns = ["gpt-", "chatgpt-", "o1", "o3", "o4", "ft:gpt"];
    private static readonly string[] OtherKinds = ["audio", "realtime", "transcribe", "tts", "image", "instruct", "search"];

    public ProviderSchema Schema { get; } = new(
        Id, "OpenAI", "The models of OpenAI: GPT for chat, text-embedding for search.",
        [
            new CredentialField("api_key", "API key", "text", Required: true, Secret: true, "", "Starts with sk-."),
            new CredentialField("base_url", "Base URL", "url", Required: false, Secret: false, "https://api.openai.com/v1", "Change it only when you go through a gateway."),
            new CredentialField("organization", "Organization", "text", Required: false, Secret: false, "", "Starts with org-. Needed only when your key belongs to several."),
        ],
        [ModelType.Llm, ModelType.TextEmbedding], EmbeddingBatch: 128)
    {
        HelpUrl = "https://platform.openai.com/api-keys",
    };

    public ModelDescriptor? Describe(ProviderCredentials credentials, ModelType type, string name) =>
        type == ModelType.Rerank || string.IsNullOrWhiteSpace(name) || name.Length > 200 ? null : OpenAiModels.Describe(type, name);

    public IEnumerable<ModelDescriptor> Known(ProviderCredentials credentials, ModelType type) =>
        OpenAiModels.All.Where(model => model.Type == type);

    public async Task<IReadOnlyList<ModelDescriptor>> ListModelsAsync(ProviderCredentials credentials, CancellationToken cancellationToken)
    {
        var client = new OpenAIModelClient(Key(credentials), Options(credentials));
        var models = await client.GetModelsAsync(cancellationToken);
        return [.. models.Value
            .Select(model => (model.Id, Type: TypeOf(model.Id)))
            .Where(model => model.Type is not null)
            .OrderBy(model => model.Id, StringComparer.Ordinal)
            .Select(model => OpenAiModels.Describe(model.Type!.Value, model.Id))];
    }

    public IChatClient CreateChatClient(ProviderCredentials credentials, ModelDescriptor model) => new ExtraParameters(
        new ChatClient(model.Reference.Name, Key(credentials), Options(credentials)).AsIChatClient());

    public IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddingGenerator(ProviderCredentials credentials, ModelDescriptor model) =>
        new EmbeddingClient(model.Reference.Name, Key(credentials), Options(credentials)).AsIEmbeddingGenerator();

    public IReranker? CreateReranker(ProviderCredentials credentials, ModelDescriptor model) => null;

    private static ModelType? TypeOf(string name) =>
        name.Contains("embedding", StringComparison.Ordinal) ? ModelType.TextEmbedding
        : ChatSigns.Any(sign => name.StartsWith(sign, StringComparison.Ordinal)) && !OtherKinds.Any(name.Contains) ? ModelType.Llm
        : null;

    private static ApiKeyCredential Key(ProviderCredentials credentials) => new(credentials["api_key"]);

    private OpenAIClientOptions Options(ProviderCredentials credentials) => new()
    {
        Endpoint = new Uri(credentials["base_url"]),
        OrganizationId = credentials["organization"] is { Length: > 0 } organization ? organization : null,
        Transport = new HttpClientPipelineTransport(clients.CreateClient(EgressClients.Models)),
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        NetworkTimeout = Timeout.InfiniteTimeSpan,
    };
}
