using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Engine;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Workflows.Runs;

/// <summary>Starts runs of workflows in the background, for the first time or in a new life.</summary>
internal sealed class WorkflowRunner(
    GraphEngine engine, RunJournals journals, LiveRuns live, WorkflowVersions versions, IRunEventLog events, IStopSignals signals,
    ILogger<WorkflowRunner> logger)
    : IRunContinuation
{
    public const string RunKind = "workflow";

    public string Kind => RunKind;

    /// <summary>Stores the run and starts it.</summary>
    public async Task<StartedRun> StartAsync(WorkflowRun run, RunnableWorkflow workflow, RunBeginning beginning, bool isWatched)
    {
        var variables = beginning.CreateVariables(workflow.Graph, workflow.EnvironmentVariables);
        var journal = journals.Begin(run, workflow.Graph, variables);
        if (isWatched)
        {
            await events.OpenAsync(run.Id);
        }

        var stored = journal.StoreBeginningAsync();
        var background = new BackgroundRun(
            engine, new GraphRunRequest(workflow.Graph, variables, ContextOf(run)) { Journal = journal }, journal,
            isWatched ? new RunEvents(journal.Recorder, createdBy: beginning.CreatedBy) : null, events, signals, live, journals, logger);
        background.Start();
        await stored;
        return new StartedRun(run.Id, workflow.VersionId, run.CreatedAt, background.Completion);
    }

    public async Task GoOnAsync(WorkflowRun run, CancellationToken cancellationToken)
    {
        var workflow = run.VersionId is { } versionId
            ? await versions.FindAsync(run.WorkspaceId, versionId, cancellationToken)
            : null;
        if (workflow is null || workflow.AppId != run.AppId)
        {
            throw DifyException.NotFound("the version of the workflow that it was started with was deleted.");
        }

        var beginning = RunBeginning.Read(run.Beginning);
        var variables = beginning.CreateVariables(workflow.Graph, workflow.EnvironmentVariables);
        var journal = await journals.GoOnAsync(run, workflow.Graph, variables, cancellationToken);

        // Whether somebody watches, or will come to watch, nobody knows.
        await events.OpenAsync(run.Id, CancellationToken.None);
        new BackgroundRun(
            engine, new GraphRunRequest(workflow.Graph, variables, ContextOf(run)) { Journal = journal }, journal,
            new RunEvents(journal.Recorder, createdBy: beginning.CreatedBy), events, signals, live, journals, logger).Start();
    }

    private static RunContext ContextOf(WorkflowRun run) => new()
    {
        RunId = run.Id,
        WorkspaceId = run.WorkspaceId,
        AppId = run.AppId,
        UserId = run.UserId,
        InvokeFrom = run.InvokeFrom,
    };
}
