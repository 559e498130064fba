namespace Dify.Core.Models;

/// <summary>Lists the models that a workspace can choose from now.</summary>
public sealed class ModelCatalog
{
    /// <summary>Models of providers that have credentials, and of the built-in one.</summary>
    public Task<IReadOnlyList<ModelDescriptor>> ListAsync(
        Guid workspaceId, ModelType type, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The workspace default of a type; the built-in model until another is chosen.</summary>
    public Task<ModelReference> GetDefaultAsync(
        Guid workspaceId, ModelType type, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
