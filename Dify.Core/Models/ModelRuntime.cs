namespace Dify.Core.Models;

/// <summary>Finds a model of a workspace and makes it ready to call.</summary>
public sealed class ModelRuntime
{
    /// <param name="model">Null: the workspace default.</param>
    /// <exception cref="Common.DifyException"><c>provider_not_initialize</c> or <c>model_currently_not_support</c>.</exception>
    public ValueTask<ChatModel> GetChatModelAsync(
        Guid workspaceId, ModelReference? model, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc cref="GetChatModelAsync"/>
    public ValueTask<EmbeddingModel> GetEmbeddingModelAsync(
        Guid workspaceId, ModelReference? model, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
