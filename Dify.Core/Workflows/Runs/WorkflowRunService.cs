using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Forms;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Runs;

/// <summary>Runs workflows in the background, stops them, and lets paused ones go on.</summary>
public sealed class WorkflowRunService
{
    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly WorkflowDraftService _drafts;
    private readonly WorkflowVersions _versions;
    private readonly StartInputs _inputs;
    private readonly WorkflowRunner _runner;
    private readonly SingleNodeRunner _nodes;
    private readonly RunTakeOver _takeOver;
    private readonly IStopSignals _signals;
    private readonly TimeProvider _time;

    internal WorkflowRunService(
        IDbContextFactory<DifyDbContext> contexts, WorkflowDraftService drafts, WorkflowVersions versions, StartInputs inputs,
        WorkflowRunner runner, SingleNodeRunner nodes, RunTakeOver takeOver, IStopSignals signals, TimeProvider time)
    {
        (_contexts, _drafts, _versions, _inputs) = (contexts, drafts, versions, inputs);
        (_runner, _nodes, _takeOver, _signals, _time) = (runner, nodes, takeOver, signals, time);
    }

    /// <summary>Checks the inputs, stores the run and starts it.</summary>
    /// <exception cref="DifyException">
    /// <c>invalid_param</c> with the input's name, or when the graph cannot be run; 404 for a version of another app.
    /// </exception>
    public async Task<StartedRun> StartAsync(WorkflowRunRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var workflow = await _versions.FindAsync(request.WorkspaceId, request.VersionId, cancellationToken);
        if (workflow is null || workflow.AppId != request.AppId)
        {
            throw DifyException.NotFound("Workflow not found.");
        }

        var runId = Guid.CreateVersion7();
        var owner = OwnerOf(request);
        var inputs = await _inputs.ReadAsync(StartForm.Read(workflow.Graph.Root), request.Inputs, owner, cancellationToken: cancellationToken);
        var files = await _inputs.ReadFilesAsync(
            request.Files, FileRules.OfFeature(workflow.Features["file_upload"] as JsonObject), owner, cancellationToken);
        var now = _time.GetUtcNow();
        var beginning = new RunBeginning(WorkflowRunner.RunKind, inputs, SystemVariables(request, runId, files, now))
        {
            CreatedBy = request.CreatedBy,
        };
        var run = new WorkflowRun
        {
            Id = runId,
            WorkspaceId = request.WorkspaceId,
            AppId = request.AppId,
            VersionId = request.VersionId,
            Trigger = request.Trigger,
            InvokeFrom = request.InvokeFrom,
            UserId = request.UserId,
            Beginning = beginning.Write(),
            Inputs = StoredJson.Write(beginning.ShownInputs()),
            CreatedAt = now,
            AliveAt = now,
        };
        return await _runner.StartAsync(run, workflow, beginning, request.Watched);
    }

    /// <summary>Runs the draft as it is now.</summary>
    /// <exception cref="DifyException">As <see cref="StartAsync"/>.</exception>
    public async Task<StartedRun> StartDraftAsync(
        Actor actor, Guid appId, JsonObject inputs, JsonArray? files = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.EditApps);
        var versionId = await _drafts.SnapshotAsync(actor, appId, cancellationToken);
        return await StartAsync(
            new WorkflowRunRequest
            {
                WorkspaceId = actor.WorkspaceId,
                AppId = appId,
                VersionId = versionId,
                UserId = actor.AccountId.ToString(),
                InvokeFrom = "debugger",
                Trigger = RunTrigger.Draft,
                Inputs = inputs,
                Files = files,
                CreatedBy = new JsonObject { ["id"] = actor.AccountId },
            },
            cancellationToken);
    }

    /// <summary>
    /// Runs one node of the draft, an iteration or loop with all that is in it: references that <paramref name="inputs"/>
    /// (keys <c>#node.name#</c>, <c>node.name</c> or plain names) do not give come from the last run.
    /// </summary>
    public async Task<NodeExecution> RunNodeAsync(
        Actor actor, Guid appId, string nodeId, JsonObject inputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.EditApps);
        var versionId = await _drafts.SnapshotAsync(actor, appId, cancellationToken);
        var workflow = await _versions.FindAsync(actor.WorkspaceId, versionId, cancellationToken)
            ?? throw DifyException.NotFound("Workflow not found.");
        return await _nodes.RunAsync(actor, workflow, nodeId, inputs, cancellationToken);
    }

    /// <summary>Stops a run of the app; does nothing when it has ended.</summary>
    public async Task StopAsync(Guid workspaceId, Guid appId, Guid runId, CancellationToken cancellationToken = default)
    {
        RunStatus? status;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            status = await db.WorkflowRuns
                .Where(run => run.Id == runId && run.AppId == appId && run.WorkspaceId == workspaceId)
                .Select(run => (RunStatus?)run.Status).FirstOrDefaultAsync(cancellationToken);
        }

        if (status == RunStatus.Running)
        {
            await _signals.StopAsync(runId, cancellationToken);
        }
        else if (status == RunStatus.Paused && !await StopPausedAsync(runId, cancellationToken))
        {
            // It was resumed at this very moment.
            await _signals.StopAsync(runId, cancellationToken);
        }
    }

    /// <summary>Lets a paused run go on, for instance because its form was answered or has expired; does nothing unless it is paused.</summary>
    public Task ResumeAsync(Guid runId, CancellationToken cancellationToken = default) =>
        _takeOver.ResumeAsync(runId, cancellationToken);

    private async Task<bool> StopPausedAsync(Guid runId, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var runs = db.WorkflowRuns;
        var stopped = await runs.Where(run => run.Id == runId && run.Status == RunStatus.Paused)
            .ExecuteUpdateAsync(
                set => set.SetProperty(run => run.Status, RunStatus.Stopped).SetProperty(run => run.FinishedAt, now)
                    .SetProperty(run => run.Error, "Aborted: User requested stop"),
                cancellationToken);
        if (stopped == 0)
        {
            return false;
        }

        await db.WithdrawFormsAsync(runId, now, cancellationToken);
        return true;
    }

    private static FileOwner OwnerOf(WorkflowRunRequest request)
    {
        Guid? user = Guid.TryParse(request.UserId, out var id) ? id : null;
        return request.InvokeFrom is "debugger" or "explore"
            ? new FileOwner(request.WorkspaceId, user, null)
            : new FileOwner(request.WorkspaceId, null, user);
    }

    private static JsonObject SystemVariables(WorkflowRunRequest request, Guid runId, JsonArray files, DateTimeOffset now) => new()
    {
        ["files"] = files,
        ["user_id"] = request.UserId,
        ["app_id"] = request.AppId.ToString(),
        ["workflow_id"] = request.VersionId.ToString(),
        ["workflow_run_id"] = runId.ToString(),
        ["timestamp"] = now.ToUnixTimeSeconds(),
    };
}
