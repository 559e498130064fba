namespace Dify.Core.Models;

/// <summary>What is known of a model before it is called.</summary>
public sealed record ModelDescriptor
{
    public required ModelReference Reference { get; init; }

    public required ModelType Type { get; init; }

    public required string Label { get; init; }

    /// <summary>Name of the provider as people know it; its id when nothing better is known.</summary>
    public string ProviderLabel
    {
        get => field ?? Reference.Provider;
        init;
    }

    /// <summary>Tokens that prompt and answer share.</summary>
    public int ContextSize { get; init; } = 8192;

    /// <summary>Dify's feature names: <c>vision</c>, <c>tool-call</c>, …</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>False for servers that do not tell what their models can: then the author's settings are believed.</summary>
    public bool AreFeaturesKnown { get; init; } = true;

    /// <summary>Whether pictures may be sent.</summary>
    public bool MayTakeImages => !AreFeaturesKnown || Features.Contains("vision");

    public IReadOnlyList<ModelParameter> Parameters { get; init; } = [];

    /// <summary>Currency units a token, in and out; zero when unknown or free.</summary>
    public decimal InputPrice { get; init; }

    public decimal OutputPrice { get; init; }

    public string Currency { get; init; } = "USD";

    /// <summary>Length of the vectors of an embedding model; 0 when only a call tells.</summary>
    public int Dimensions { get; init; }
}
