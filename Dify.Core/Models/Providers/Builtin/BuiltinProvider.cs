using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.Builtin;

/// <summary>Works without any vendor: quotes instead of writing, compares words instead of meanings.</summary>
internal sealed class BuiltinProvider : IModelProvider
{
    private static readonly ModelDescriptor Chat = new()
    {
        Reference = BuiltinModels.Extractive,
        Type = ModelType.Llm,
        Label = "Extractive",
        ContextSize = 128_000,
        Parameters =
        [
            new ModelParameter("max_sentences", "Sentences", "int", 1, 10, ExtractiveChatClient.DefaultSentences, "How many sentences of the context are quoted at most."),
        ],
    };

    private static readonly ModelDescriptor Embedding = new()
    {
        Reference = BuiltinModels.Lexical,
        Type = ModelType.TextEmbedding,
        Label = "Lexical",
        ContextSize = 128_000,
        Dimensions = LexicalEmbedding.Dimensions,
    };

    private static readonly ModelDescriptor Rerank = new()
    {
        Reference = BuiltinModels.Overlap,
        Type = ModelType.Rerank,
        Label = "Overlap",
        ContextSize = 128_000,
    };

    private static readonly ModelDescriptor[] All = [Chat, Embedding, Rerank];

    public ProviderSchema Schema { get; } = new(
        BuiltinModels.Provider, "Built-in", "No language model, for trying things out: answers by quoting the context, finds and orders texts by their words.",
        [], [ModelType.Llm, ModelType.TextEmbedding, ModelType.Rerank], EmbeddingBatch: 256);

    public ModelDescriptor? Describe(ProviderCredentials credentials, ModelType type, string name) =>
        Known(credentials, type).FirstOrDefault(model => model.Reference.Name == name);

    public IEnumerable<ModelDescriptor> Known(ProviderCredentials credentials, ModelType type) =>
        All.Where(model => model.Type == type);

    public Task<IReadOnlyList<ModelDescriptor>> ListModelsAsync(ProviderCredentials credentials, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelDescriptor>>(All);

    public IChatClient CreateChatClient(ProviderCredentials credentials, ModelDescriptor model) => new ExtractiveChatClient();

    public IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddingGenerator(ProviderCredentials credentials, ModelDescriptor model) =>
        new LexicalEmbeddingGenerator();

    public IReranker CreateReranker(ProviderCredentials credentials, ModelDescriptor model) => new OverlapReranker();
}
