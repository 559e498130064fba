namespace Dify.Core.Tools;

/// <summary>Where tools of one type come from.</summary>
internal interface IToolSource
{
    /// <summary>As in <see cref="ToolReference.ProviderType"/>.</summary>
    string ProviderType { get; }

    /// <summary>Null when the workspace has no such provider.</summary>
    ValueTask<ToolProvider?> FindProviderAsync(Guid workspaceId, string providerId, CancellationToken cancellationToken);

    /// <summary>Null when the provider has no such tool.</summary>
    ValueTask<ITool?> FindAsync(Guid workspaceId, ToolReference reference, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<ToolProvider>> ListAsync(Guid workspaceId, CancellationToken cancellationToken);
}
