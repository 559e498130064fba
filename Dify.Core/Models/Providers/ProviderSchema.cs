namespace Dify.Core.Models.Providers;

/// <summary>What a provider is called and what it needs to work; drives the credential form.</summary>
/// <param name="Id">The id on the wire and in stored references.</param>
/// <param name="Description">One English sentence; pages translate by id.</param>
/// <param name="EmbeddingBatch">Texts that one embedding call takes.</param>
public sealed record ProviderSchema(
    string Id, string Label, string Description, IReadOnlyList<CredentialField> Fields,
    IReadOnlyList<ModelType> Types, int EmbeddingBatch)
{
    /// <summary>Where a person gets a key; null when none is needed.</summary>
    public string? HelpUrl { get; init; }

    /// <summary>Takes any model name, listed or not.</summary>
    public bool AcceptsAnyModel { get; init; }

    public bool NeedsCredentials => Fields.Count > 0;
}
