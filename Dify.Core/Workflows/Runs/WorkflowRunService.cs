using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workspaces;

namespace Dify.Core.Workflows.Runs;

/// <summary>Runs workflows in the background, stops them, and lets paused ones go on.</summary>
public sealed class WorkflowRunService
{
    /// <summary>Checks the inputs, stores the run and starts it.</summary>
    /// <exception cref="DifyException"><c>invalid_param</c> with the input's name; <c>invalid_param</c> when the graph cannot be run.</exception>
    public Task<StartedRun> StartAsync(WorkflowRunRequest request, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Runs the draft as it is now.</summary>
    public Task<StartedRun> StartDraftAsync(
        Actor actor, Guid appId, JsonObject inputs, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Runs one node of the draft: references that <paramref name="inputs"/> (keys <c>#node.name#</c> or plain names) do not give come from the last run.</summary>
    public Task<NodeExecution> RunNodeAsync(
        Actor actor, Guid appId, string nodeId, JsonObject inputs, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Stops a run of the app; does nothing when it has ended.</summary>
    public Task StopAsync(Guid workspaceId, Guid appId, Guid runId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Lets a paused run go on, for instance because its form was answered or has expired; does nothing unless it is paused.</summary>
    public Task ResumeAsync(Guid runId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
