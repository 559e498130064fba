using System.Collections.Frozen;
using Dify.Core.Common;

namespace Dify.Core.Models.Providers;

/// <summary>All providers, in the order in which pages show them.</summary>
internal sealed class ProviderRegistry
{
    private readonly FrozenDictionary<string, IModelProvider> _byId;

    public ProviderRegistry(IEnumerable<IModelProvider> providers)
    {
        All = [.. providers];
        _byId = All.ToFrozenDictionary(provider => provider.Schema.Id);
    }

    public IReadOnlyList<IModelProvider> All { get; }

    public IModelProvider? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Takes Dify's three-part spelling too.</summary>
    /// <exception cref="DifyException">404 <c>not_found</c>.</exception>
    public IModelProvider Get(string id) => Find(ModelReference.Parse(id, "").Provider)
        ?? throw DifyException.NotFound($"There is no model provider '{id}'. There are {string.Join(", ", All.Select(provider => provider.Schema.Id))}.");
}
