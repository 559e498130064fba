namespace Dify.Core.Models.Providers.Anthropic;

/// <summary>Anthropic's models as published: US dollars a million tokens in and out.</summary>
internal static class AnthropicModels
{
    private const int Context = 200_000;

    private static readonly string[] Features = ["vision", "tool-call", "multi-tool-call", "stream-tool-call"];

    public static IReadOnlyList<ModelDescriptor> All { get; } =
    [
        Chat("claude-opus-4-5", "Claude Opus 4.5", 5m, 25m, 64_000),
        Chat("claude-opus-4-1", "Claude Opus 4.1", 15m, 75m, 32_000),
        Chat("claude-sonnet-4-5", "Claude Sonnet 4.5", 3m, 15m, 64_000),
        Chat("claude-sonnet-4", "Claude Sonnet 4", 3m, 15m, 64_000),
        Chat("claude-haiku-4-5", "Claude Haiku 4.5", 1m, 5m, 64_000),
        Chat("claude-3-7-sonnet", "Claude Sonnet 3.7", 3m, 15m, 64_000),
        Chat("claude-3-5-haiku", "Claude Haiku 3.5", 0.8m, 4m, 8192),
    ];

    /// <summary>A dated name (<c>claude-haiku-4-5-20251001</c>) takes after the longest known name that it starts with.</summary>
    public static ModelDescriptor Describe(string name, string? label = null)
    {
        var kin = All.Where(model => name.StartsWith(model.Reference.Name, StringComparison.Ordinal)).MaxBy(model => model.Reference.Name.Length);
        return kin is null ? Chat(name, label ?? name, 0, 0, 8192)
            : kin with { Reference = kin.Reference with { Name = name }, Label = label ?? (kin.Reference.Name == name ? kin.Label : name) };
    }

    private static ModelDescriptor Chat(string name, string label, decimal input, decimal output, int maxTokens) => new()
    {
        Reference = new ModelReference(AnthropicProvider.Id, name),
        Type = ModelType.Llm,
        Label = label,
        ContextSize = Context,
        Features = Features,
        Parameters =
        [
            ModelParameters.Temperature with { Max = 1, Default = 1 }, ModelParameters.TopP, ModelParameters.TopK,
            ModelParameters.MaxTokens(maxTokens), ModelParameters.Stop,
        ],
        InputPrice = input / 1_000_000,
        OutputPrice = output / 1_000_000,
    };
}
