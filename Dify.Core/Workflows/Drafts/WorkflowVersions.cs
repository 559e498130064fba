using Dify.Core.Common;

namespace Dify.Core.Workflows.Drafts;

/// <summary>Versions ready to run, kept in memory: a version never changes. Which one is published is trusted for some seconds.</summary>
public sealed class WorkflowVersions
{
    /// <summary>Null: there is no such version in this workspace.</summary>
    /// <exception cref="DifyException"><c>invalid_param</c> when its graph cannot be run.</exception>
    public ValueTask<RunnableWorkflow?> FindAsync(Guid workspaceId, Guid versionId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The published version of an app; null when nothing is published.</summary>
    public ValueTask<RunnableWorkflow?> FindPublishedAsync(Guid workspaceId, Guid appId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
