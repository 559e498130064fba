using Dify.Core.Models.Credentials;

namespace Dify.Core.Models;

/// <summary>Lists the models that a workspace can choose from now.</summary>
public sealed class ModelCatalog
{
    private readonly ProviderStore _store;

    internal ModelCatalog(ProviderStore store) => _store = store;

    /// <summary>Models of providers that have credentials, and of the built-in one.</summary>
    public async Task<IReadOnlyList<ModelDescriptor>> ListAsync(
        Guid workspaceId, ModelType type, CancellationToken cancellationToken = default)
    {
        var workspace = await _store.GetAsync(workspaceId, cancellationToken);
        return [.. workspace.Providers.Values
            .Where(stored => stored.Problem is null)
            .SelectMany(stored => stored.Models)
            .Where(model => model.Type == type)
            .OrderBy(model => model.Reference.Provider, StringComparer.Ordinal)
            .ThenBy(model => model.Label, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>
    /// What is known of a model, listed or not: providers that take any name have no complete list. Null when the
    /// provider is not set up or has no such model.
    /// </summary>
    public async Task<ModelDescriptor?> FindAsync(
        Guid workspaceId, ModelType type, ModelReference model, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var workspace = await _store.GetAsync(workspaceId, cancellationToken);
        return workspace.Providers.GetValueOrDefault(model.Provider) is { Credentials: { } credentials } stored
            && stored.Provider.Describe(credentials, type, model.Name) is { } found
                ? found with { ProviderLabel = credentials.Schema.Label }
                : null;
    }

    /// <summary>Providers that are set up and take any name of a model of the type, listed or not: their id and label.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> ListOpenProvidersAsync(
        Guid workspaceId, ModelType type, CancellationToken cancellationToken = default)
    {
        var workspace = await _store.GetAsync(workspaceId, cancellationToken);
        return [.. workspace.Providers.Values
            .Where(stored => stored.Problem is null && stored.Provider.Schema.AcceptsAnyModel && stored.Provider.Schema.Types.Contains(type))
            .Select(stored => KeyValuePair.Create(stored.Provider.Schema.Id, stored.Provider.Schema.Label))
            .OrderBy(provider => provider.Value, StringComparer.Ordinal)];
    }

    /// <summary>The workspace default of a type; the built-in model until another is chosen.</summary>
    public async Task<ModelReference> GetDefaultAsync(
        Guid workspaceId, ModelType type, CancellationToken cancellationToken = default) =>
        (await _store.GetAsync(workspaceId, cancellationToken)).Default(type);
}
