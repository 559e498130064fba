using System.Collections.Frozen;

namespace Dify.Core.Tools.BuiltIn;

/// <summary>Tools that come with the product: no key, no set-up.</summary>
internal sealed class BuiltInTools(IEnumerable<BuiltInProvider> providers) : IToolSource
{
    private readonly FrozenDictionary<string, BuiltInProvider> _providers = providers.ToFrozenDictionary(one => one.Description.Id);

    public string ProviderType => ToolReference.BuiltIn;

    public ValueTask<ToolProvider?> FindProviderAsync(Guid workspaceId, string providerId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_providers.GetValueOrDefault(providerId)?.Description);

    public ValueTask<ITool?> FindAsync(Guid workspaceId, ToolReference reference, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_providers.GetValueOrDefault(reference.ProviderId)?.Find(reference.ToolName));

    public ValueTask<IReadOnlyList<ToolProvider>> ListAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<ToolProvider>>([.. _providers.Values.Select(one => one.Description)]);
}

/// <summary>A built-in provider with its code.</summary>
internal sealed class BuiltInProvider(string id, string label, string description, string icon, IReadOnlyList<ITool> tools)
{
    public ToolProvider Description { get; } =
        new(id, ToolReference.BuiltIn, label, description, icon, [.. tools.Select(tool => tool.Description)]);

    public ITool? Find(string name) => tools.FirstOrDefault(tool => tool.Description.Name == name);
}
