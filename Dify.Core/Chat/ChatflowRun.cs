using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Chat;

/// <summary>
/// One life of a chatflow's answer, from its first event to the stored message, which may be a pause. It lives in the
/// background and has its own cancellation, never the request's. When the program ends it is let go, and another life
/// takes it over.
/// </summary>
/// <param name="wire">Null: nobody watches.</param>
internal sealed partial class ChatflowRun(
    ChatflowAnswer answer, Func<CancellationToken, IAsyncEnumerable<GraphEvent>> work, RunJournal journal, ChatflowWire? wire,
    IDbContextFactory<DifyDbContext> contexts, ConversationVariables variables, IStopSignals signals, LiveRuns live,
    RunJournals journals, TimeProvider time, ILogger logger)
{
    private readonly TaskCompletionSource<Message> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the stored message; with the message as it stands when it was let go or lost.</summary>
    public Task<Message> Completion => _completion.Task;

    private Message Message => answer.Message;

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
            var byPerson = stop.Token.IsCancellationRequested;
            if (byPerson && Run.Status == RunStatus.Stopped)
            {
                answer.Stop();
            }

            isOver = await StoreAsync(isLetGo: live.Shutdown.IsCancellationRequested && !byPerson);
            live.Remove(Run.Id, Run.Status == RunStatus.Paused);
            _completion.TrySetResult(Message);
        }
        catch (Exception problem)
        {
            // Catches all: run root. What cannot be stored is taken over when the store is back.
            LogNotStored(problem, Message.Id);
            live.Remove(Run.Id, isPaused: false);
            _completion.TrySetException(problem);
        }
        finally
        {
            stop.Dispose();
            if (isOver && wire is not null)
            {
                await wire.CompleteAsync();
            }
        }
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var happened in work(stop))
            {
                journal.Recorder.Observe(happened);
                var text = answer.Observe(happened);
                if (happened is NodeRunSucceeded { IsReplayed: false, Result.Updates.Count: > 0, NodeType: not (NodeTypes.Iteration or NodeTypes.Loop) } node)
                {
                    await variables.SaveAsync(Message.ConversationId, node.Result.Updates, answer.Workflow.ConversationVariables);
                }

                if (wire is not null)
                {
                    await wire.TellAsync(happened, text);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            journal.Recorder.Observe(new GraphRunAborted("Aborted: User requested stop", []));
            answer.Stop();
        }
        catch (JournalFailedException) when (journal.IsLost)
        {
            // Another life goes on, or the conversation was deleted.
        }
        catch (Exception problem)
        {
            // Catches all: run root. The message must not stay "running" for ever.
            LogUnexpected(problem, Message.Id);
            Fail("Something went wrong on our side. Try again in a moment.");
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
            answer.Fail(ErrorCodes.InternalServerError, ChatErrors.Interrupted);
            await journal.LetGoAsync();
            return false;
        }

        if (Run.Status == RunStatus.Running)
        {
            Fail("The answer ended without a result. Try again.");
        }

        answer.Finish(time.GetUtcNow());
        var isThere = await IsThereAsync();
        if (!await journal.EndAsync(db => Stage(db, isThere)))
        {
            return !await journals.ExistsAsync(Run.Id);
        }

        if (wire is not null)
        {
            await wire.TellEndAsync();
        }

        return true;
    }

    private void Fail(string error)
    {
        journal.Recorder.Fail(error, ErrorCodes.InternalServerError);
        answer.Fail(ErrorCodes.InternalServerError, error);
    }

    /// <summary>The conversation may have been deleted while its answer was made; the run is kept for the log.</summary>
    private async Task<bool> IsThereAsync()
    {
        var id = Message.Id;
        await using var db = await contexts.CreateDbContextAsync();
        return await db.Messages.AnyAsync(m => m.Id == id);
    }

    private void Stage(DifyDbContext db, bool isThere)
    {
        if (!isThere)
        {
            return;
        }

        var row = db.Entry(Message);
        row.State = EntityState.Unchanged;
        row.Property(m => m.Answer).IsModified = true;
        row.Property(m => m.Status).IsModified = true;
        row.Property(m => m.Error).IsModified = true;
        row.Property(m => m.ErrorCode).IsModified = true;
        row.Property(m => m.Usage).IsModified = true;
        row.Property(m => m.Citations).IsModified = true;
        row.Property(m => m.FinishedAt).IsModified = true;
    }

    [LoggerMessage(LogLevel.Error, "The answer of message {MessageId} failed unexpectedly")]
    private partial void LogUnexpected(Exception exception, Guid messageId);

    [LoggerMessage(LogLevel.Error, "The end of message {MessageId} could not be stored")]
    private partial void LogNotStored(Exception exception, Guid messageId);
}
