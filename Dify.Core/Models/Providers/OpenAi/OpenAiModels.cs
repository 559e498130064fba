namespace Dify.Core.Models.Providers.OpenAi;

/// <summary>OpenAI's models as published: context, features, US dollars a million tokens in and out.</summary>
internal static class OpenAiModels
{
    private static readonly string[] TextOnly = ["tool-call", "multi-tool-call", "stream-tool-call"];
    private static readonly string[] Seeing = ["vision", .. TextOnly];
    private static readonly string[] Structured = [.. TextOnly, "structured-output"];
    private static readonly string[] Vision = ["vision", .. Structured];

    private static readonly IReadOnlyList<ModelParameter> Reasoning =
        [ModelParameters.MaxTokens(100_000), ModelParameters.ReasoningEffort, ModelParameters.ResponseFormat];

    public static IReadOnlyList<ModelDescriptor> All { get; } =
    [
        Chat("gpt-5", 400_000, 1.25m, 10m, Vision, Reasoning),
        Chat("gpt-5-mini", 400_000, 0.25m, 2m, Vision, Reasoning),
        Chat("gpt-5-nano", 400_000, 0.05m, 0.4m, Vision, Reasoning),
        Chat("gpt-4.1", 1_047_576, 2m, 8m, Vision, ModelParameters.OpenAiChat(32_768)),
        Chat("gpt-4.1-mini", 1_047_576, 0.4m, 1.6m, Vision, ModelParameters.OpenAiChat(32_768)),
        Chat("gpt-4.1-nano", 1_047_576, 0.1m, 0.4m, Vision, ModelParameters.OpenAiChat(32_768)),
        Chat("gpt-4o", 128_000, 2.5m, 10m, Vision, ModelParameters.OpenAiChat(16_384)),
        Chat("gpt-4o-mini", 128_000, 0.15m, 0.6m, Vision, ModelParameters.OpenAiChat(16_384)),
        Chat("gpt-4-turbo", 128_000, 10m, 30m, Seeing, ModelParameters.OpenAiChat(4096)),
        Chat("gpt-3.5-turbo", 16_385, 0.5m, 1.5m, TextOnly, ModelParameters.OpenAiChat(4096)),
        Chat("o3", 200_000, 2m, 8m, Vision, Reasoning),
        Chat("o3-mini", 200_000, 1.1m, 4.4m, Structured, Reasoning),
        Chat("o4-mini", 200_000, 1.1m, 4.4m, Vision, Reasoning),
        Embedding("text-embedding-3-small", 1536, 0.02m),
        Embedding("text-embedding-3-large", 3072, 0.13m),
        Embedding("text-embedding-ada-002", 1536, 0.1m),
    ];

    /// <summary>A newer, dated or fine-tuned model takes after the longest known name that it starts with.</summary>
    public static ModelDescriptor Describe(ModelType type, string name)
    {
        var baseName = name.StartsWith("ft:", StringComparison.Ordinal) ? name[3..] : name;
        var kin = All.Where(model => model.Type == type && baseName.StartsWith(model.Reference.Name, StringComparison.Ordinal))
            .MaxBy(model => model.Reference.Name.Length);
        if (kin is not null)
        {
            return kin with { Reference = kin.Reference with { Name = name }, Label = name };
        }

        return type == ModelType.Llm
            ? Chat(name, 128_000, 0, 0, Vision, IsReasoning(name) ? Reasoning : ModelParameters.OpenAiChat(16_384))
            : Embedding(name, 0, 0);
    }

    private static bool IsReasoning(string name) =>
        name.StartsWith("gpt-5", StringComparison.Ordinal) || (name.Length > 1 && name[0] == 'o' && char.IsAsciiDigit(name[1]));

    private static ModelDescriptor Chat(
        string name, int context, decimal input, decimal output, string[] features, IReadOnlyList<ModelParameter> parameters) => new()
    {
        Reference = new ModelReference(OpenAiProvider.Id, name),
        Type = ModelType.Llm,
        Label = name,
        ContextSize = context,
        Features = features,
        Parameters = parameters,
        InputPrice = input / 1_000_000,
        OutputPrice = output / 1_000_000,
    };

    private static ModelDescriptor Embedding(string name, int dimensions, decimal price) => new()
    {
        Reference = new ModelReference(OpenAiProvider.Id, name),
        Type = ModelType.TextEmbedding,
        Label = name,
        ContextSize = 8191,
        Dimensions = dimensions,
        InputPrice = price / 1_000_000,
    };
}
