namespace Dify.Core.Workflows.Drafts;

/// <summary>What a workflow has to know of the app that it belongs to.</summary>
public interface IAppKinds
{
    /// <summary>Whether the app talks in conversations (advanced-chat); else it gives outputs. False when there is no such app.</summary>
    ValueTask<bool> IsChatflowAsync(Guid appId, CancellationToken cancellationToken);
}
