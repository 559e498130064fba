using Dify.Core.Workspaces;

namespace Dify.Core.Tools;

/// <summary>The tools that a workspace can call.</summary>
public sealed class ToolCatalog
{
    private readonly IReadOnlyList<IToolSource> _sources;

    internal ToolCatalog(IEnumerable<IToolSource> sources) => _sources = [.. sources];

    /// <summary>All providers with their tools, by name.</summary>
    public async ValueTask<IReadOnlyList<ToolProvider>> ListAsync(Actor actor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.UsePublishedApps);
        var all = new List<ToolProvider>();
        foreach (var source in _sources)
        {
            all.AddRange(await source.ListAsync(actor.WorkspaceId, cancellationToken));
        }

        return [.. all.OrderBy(provider => provider.Label, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>What is known of a tool before it is called; null when it is not there.</summary>
    public async ValueTask<ToolDescription?> DescribeAsync(
        Guid workspaceId, ToolReference reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return SourceOf(reference) is { } source && await source.FindAsync(workspaceId, reference, cancellationToken) is { } tool
            ? tool.Description
            : null;
    }

    /// <exception cref="ToolException">The tool is not there; the message says what would bring it.</exception>
    public async ValueTask<ITool> GetAsync(Guid workspaceId, ToolReference reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (SourceOf(reference) is not { } source)
        {
            throw ToolException.Missing(MissingKind(reference));
        }

        if (await source.FindAsync(workspaceId, reference, cancellationToken) is { } tool)
        {
            return tool;
        }

        var provider = await source.FindProviderAsync(workspaceId, reference.ProviderId, cancellationToken);
        throw ToolException.Missing(provider is null
            ? $"{reference.ProviderType} provider {reference.ProviderId} not found. This installation has no tool provider '{reference.ProviderId}', "
                + "which comes from a plugin of Dify's marketplace. Choose another tool, or call its service with an HTTP request node."
            : $"tool {reference.ToolName} not found. The provider '{provider.Label}' has {string.Join(", ", provider.Tools.Select(one => one.Name))}. "
                + "Open the node and choose one of them.");
    }

    private IToolSource? SourceOf(ToolReference reference) => _sources.FirstOrDefault(one => one.ProviderType == reference.ProviderType);

    private static string MissingKind(ToolReference reference) => reference.ProviderType switch
    {
        "api" => $"api provider {reference.ProviderId} not found. It is a custom tool, described by an OpenAPI document in the workspace that the app "
            + "comes from, and app files do not carry it. Call the service with an HTTP request node instead.",
        "workflow" => $"workflow provider {reference.ProviderId} not found. It is another app that was published as a tool in the workspace that this app "
            + "comes from. Import that app too, and call it with an HTTP request node through its API.",
        "mcp" => $"mcp provider {reference.ProviderId} not found. It is a server of the Model Context Protocol that was set up in the workspace that the "
            + "app comes from. Call its service with an HTTP request node instead.",
        var other => $"{other} provider {reference.ProviderId} not found. Tools of the type '{other}' are not known here; choose another tool.",
    };
}
