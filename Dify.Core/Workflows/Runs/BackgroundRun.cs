using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Workflows.Runs;

/// <summary>
/// One life of a workflow run, from its first event to the stored outcome. It lives in the background: who asked may
/// leave. It has its own cancellation (a stop, or the end of the process), never the request's.
/// </summary>
/// <param name="wire">Null: nobody watches, so no event is made.</param>
internal sealed partial class BackgroundRun(
    GraphEngine engine, GraphRunRequest request, RunJournal journal, RunEvents? wire, IRunEventLog events, IStopSignals signals,
    LiveRuns live, RunJournals journals, ILogger logger)
{
    private readonly TaskCompletionSource<WorkflowRun> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the stored outcome or pause; with the run as it stands when it was let go or lost.</summary>
    public Task<WorkflowRun> Completion => _completion.Task;

    private WorkflowRun Run => journal.Recorder.Run;

    public void Start()
    {
        live.Add(Run.Id, Completion);
        var stop = signals.Register(Run.Id);
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => RunAsync(stop));
        }
    }

    private async Task RunAsync(StopRegistration stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, live.Shutdown);
        var isOver = false;
        try
        {
            await WorkAsync(ending.Token);
            isOver = await StoreAsync(isLetGo: live.Shutdown.IsCancellationRequested && !stop.Token.IsCancellationRequested);
            live.Remove(Run.Id, Run.Status == RunStatus.Paused);
            _completion.TrySetResult(Run);
        }
        catch (Exception problem)
        {
            // Catches all: run root. What cannot be stored is taken over when the store is back.
            LogNotStored(problem, Run.Id);
            live.Remove(Run.Id, isPaused: false);
            _completion.TrySetException(problem);
        }
        finally
        {
            stop.Dispose();
            if (isOver && wire is not null)
            {
                await events.CompleteAsync(Run.Id);
            }
        }
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var happened in engine.RunAsync(request, stop))
            {
                journal.Recorder.Observe(happened);
                if (wire is not null)
                {
                    await TellAsync(happened);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            journal.Recorder.Observe(new GraphRunAborted("Aborted: User requested stop", []));
        }
        catch (JournalFailedException) when (journal.IsLost)
        {
            // Another life goes on, or the app was deleted.
        }
        catch (Exception problem)
        {
            // Catches all: run root. The run must not stay "running" for ever.
            LogUnexpected(problem, Run.Id);
            journal.Recorder.Fail("Something went wrong on our side. Run it again.", ErrorCodes.InternalServerError);
        }
    }

    /// <returns>Whether no other life of the run has anything to tell.</returns>
    private async Task<bool> StoreAsync(bool isLetGo)
    {
        if (journal.IsLost)
        {
            return !await journals.ExistsAsync(Run.Id);
        }

        if (isLetGo && Run.Status is RunStatus.Stopped or RunStatus.Running)
        {
            (Run.Status, Run.Error, Run.FinishedAt) = (RunStatus.Running, null, null);
            await journal.LetGoAsync();
            return false;
        }

        journal.Recorder.Fail("The run ended without a result. Run it again.", ErrorCodes.InternalServerError);
        if (!await journal.EndAsync())
        {
            return !await journals.ExistsAsync(Run.Id);
        }

        if (wire is not null)
        {
            var told = Run.Status == RunStatus.Paused
                ? wire.Paused([.. StoredJson.ReadList(Run.PauseReasons ?? "[]").OfType<System.Text.Json.Nodes.JsonObject>()])
                : wire.Finished();
            await AppendAsync(told);
        }

        return true;
    }

    private async ValueTask TellAsync(GraphEvent happened)
    {
        var told = happened is GraphRunStarted ? wire!.Started() : wire!.Write(happened);
        if (told is { } made)
        {
            await AppendAsync(made);
        }
    }

    /// <summary>A watcher's loss must not become the run's.</summary>
    private async ValueTask AppendAsync(WireEvent told)
    {
        var appending = events.AppendAsync(Run.Id, told.Name, told.Json);
        if (!appending.IsCompletedSuccessfully)
        {
            var task = appending.AsTask();
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!task.IsCompletedSuccessfully)
            {
                LogNotTold(task.Exception, Run.Id);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId} failed unexpectedly")]
    private partial void LogUnexpected(Exception exception, Guid runId);

    [LoggerMessage(LogLevel.Warning, "An event of run {RunId} could not be told")]
    private partial void LogNotTold(Exception? exception, Guid runId);

    [LoggerMessage(LogLevel.Error, "The end of run {RunId} could not be stored")]
    private partial void LogNotStored(Exception exception, Guid runId);
}
