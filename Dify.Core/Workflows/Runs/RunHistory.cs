using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workspaces;

namespace Dify.Core.Workflows.Runs;

/// <summary>Reads what has run: lists, one run, its trace, and the variables of the last run of a draft.</summary>
public sealed class RunHistory
{
    /// <summary>Runs of an app, newest first.</summary>
    public Task<Page<WorkflowRun>> ListAsync(
        Actor actor, Guid appId, RunFilter filter, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <exception cref="DifyException">404.</exception>
    public Task<WorkflowRun> GetAsync(Actor actor, Guid appId, Guid runId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The nodes of a run in the order of starting.</summary>
    public Task<IReadOnlyList<NodeExecution>> ListNodesAsync(
        Actor actor, Guid appId, Guid runId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The newest execution of a node in runs of the draft; null when it never ran.</summary>
    public Task<NodeExecution?> FindLastOfNodeAsync(
        Actor actor, Guid appId, string nodeId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The variables that the last run of the draft left, by node id: <c>{node: {name: value}}</c>, with <c>sys</c> and <c>conversation</c>.</summary>
    public Task<JsonObject> ReadLastVariablesAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>For callers of the API: a run of this app that the caller may see; null when there is none.</summary>
    public Task<WorkflowRun?> FindAsync(Guid workspaceId, Guid appId, Guid runId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
