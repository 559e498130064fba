using System.Text;
using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Chat;

/// <summary>
/// One answer from its first event to the stored message. It lives in the background: who asked may leave. It has its
/// own cancellation (a stop, or the end of the process), never the request's.
/// </summary>
internal sealed partial class AnswerRun(
    Message message, bool live, bool cites, Func<CancellationToken, IAsyncEnumerable<GraphEvent>> answer, RunRecorder log,
    IRunEventLog events, IStopSignals signals, WriteBatcher writes, ActiveRuns runs, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan[] StoreAgainAfter =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(10)];

    private readonly ChatEvents _wire = new(message);
    private readonly StringBuilder _answer = new();
    private readonly AnswerFindings _findings = new();
    private int _checkpointed;
    private char? _half;
    private string? _abortReason;
    private bool _storesLog = true;

    public Guid Id => message.RunId;

    public Guid MessageId => message.Id;

    public Guid ConversationId => message.ConversationId;

    public Guid AppId => message.AppId;

    /// <summary>Ends with the stored message; faults only when the store fails.</summary>
    public Task<Message> Completion { get; private set; } = null!;

    /// <param name="stored">The insertion of the message, before which no event may be seen.</param>
    public void Start(Task stored)
    {
        runs.Add(this);
        var stop = signals.Register(Id);
        using (ExecutionContext.SuppressFlow())
        {
            Completion = Task.Run(() => RunAsync(stored, stop));
        }
    }

    /// <summary>The answer so far when it has grown since the last call, else null.</summary>
    public string? TakeGrownAnswer()
    {
        lock (_answer)
        {
            if (_answer.Length == _checkpointed)
            {
                return null;
            }

            _checkpointed = _answer.Length;
            return _answer.ToString();
        }
    }

    private async Task<Message> RunAsync(Task stored, StopRegistration stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, runs.Shutdown);
        try
        {
            await AnswerAsync(stored, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            _abortReason = "stopped";
        }
        catch (DifyException exception)
        {
            Fail(exception.Code, exception.Message);
        }
        catch (Exception exception)
        {
            // Catches all: run root. The message must not stay "running" for ever.
            LogUnexpected(exception, MessageId);
            Fail(ErrorCodes.InternalServerError, "Something went wrong on our side. Try again in a moment.");
        }

        if (_abortReason is { } reason)
        {
            EndEarly(reason, stop.Token.IsCancellationRequested);
        }

        try
        {
            await stored;
            await StoreAsync();
            await TellEndAsync();
            return message;
        }
        finally
        {
            runs.Remove(this);
            stop.Dispose();
            await events.CompleteAsync(Id);
        }
    }

    private async Task AnswerAsync(Task stored, CancellationToken stop)
    {
        await foreach (var happened in answer(stop))
        {
            log.Observe(happened);
            switch (happened)
            {
                case NodeRunStreamChunk { Chunk.Length: > 0 } chunk:
                    await AppendAsync(chunk.Chunk, stored);
                    break;
                case NodeRunRetrieverResource found when cites:
                    _findings.Add(found.Resources);
                    break;
                case NodeRunSucceeded node:
                    _findings.Add(node);
                    break;
                case GraphRunSucceeded:
                    message.Status = MessageStatus.Normal;
                    break;
                case GraphRunFailed failed:
                    Fail(failed.ErrorCode ?? ErrorCodes.InternalServerError, failed.Error);
                    break;
                case GraphRunAborted aborted:
                    _abortReason = aborted.Reason;
                    break;
            }
        }
    }

    private async ValueTask AppendAsync(string chunk, Task stored)
    {
        var text = Whole(chunk);
        if (text.Length == 0)
        {
            return;
        }

        lock (_answer)
        {
            _answer.Append(text);
        }

        if (live)
        {
            await stored;
            await events.AppendAsync(Id, ChatEvents.Message, _wire.Delta(text));
        }
    }

    /// <summary>A letter may come in two halves of a surrogate pair; the first waits for the second.</summary>
    private string Whole(string chunk)
    {
        if (_half is { } half)
        {
            chunk = half + chunk;
            _half = null;
        }

        if (char.IsHighSurrogate(chunk[^1]))
        {
            _half = chunk[^1];
            chunk = chunk[..^1];
        }

        return PlainText.Clean(chunk);
    }

    private void EndEarly(string reason, bool byPerson)
    {
        if (byPerson)
        {
            message.Status = MessageStatus.Stopped;
        }
        else if (runs.Shutdown.IsCancellationRequested)
        {
            Fail(ErrorCodes.InternalServerError, ChatErrors.Interrupted);
        }
        else
        {
            Fail(ErrorCodes.InternalServerError, $"The answer was ended: {reason}");
        }
    }

    private void Fail(string code, string error)
    {
        message.Status = MessageStatus.Error;
        message.ErrorCode = code;
        message.Error = PlainText.Clean(error);
    }

    private async Task StoreAsync()
    {
        if (message.Status == MessageStatus.Running)
        {
            Fail(ErrorCodes.InternalServerError, "The answer ended without a result. Try again.");
        }

        message.Answer = _answer.ToString();
        message.Usage = _findings.Usage;
        message.Citations = _findings.Citations;
        message.FinishedAt = time.GetUtcNow();
        log.Fail(message.Error ?? "The run broke off.", message.ErrorCode);
        foreach (var pause in StoreAgainAfter)
        {
            var storing = writes.WriteAsync(StageEnd);
            await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (storing.IsCompletedSuccessfully)
            {
                return;
            }

            if (storing.Exception?.InnerException is DbUpdateConcurrencyException)
            {
                LogGone(MessageId);
                return;
            }

            // The answer matters more than the log of its run.
            _storesLog = false;
            LogStoreFailed(storing.Exception, MessageId);
            await Task.Delay(pause, time, CancellationToken.None);
        }

        await writes.WriteAsync(StageEnd);
    }

    private void StageEnd(DifyDbContext db)
    {
        var row = db.Entry(message);
        row.State = EntityState.Unchanged;
        row.Property(m => m.Answer).IsModified = true;
        row.Property(m => m.Status).IsModified = true;
        row.Property(m => m.Error).IsModified = true;
        row.Property(m => m.ErrorCode).IsModified = true;
        row.Property(m => m.Usage).IsModified = true;
        row.Property(m => m.Citations).IsModified = true;
        row.Property(m => m.FinishedAt).IsModified = true;
        if (_storesLog)
        {
            log.Stage(db);
        }
    }

    private ValueTask TellEndAsync()
    {
        if (!live)
        {
            return ValueTask.CompletedTask;
        }

        return message.Status == MessageStatus.Error
            ? events.AppendAsync(Id, ChatEvents.Error, _wire.Failed(
                message.ErrorCode!, message.Error!, ChatErrors.StatusOf(message.ErrorCode)))
            : events.AppendAsync(Id, ChatEvents.MessageEnd, _wire.End(message));
    }

    [LoggerMessage(LogLevel.Error, "The answer of message {MessageId} failed unexpectedly")]
    private partial void LogUnexpected(Exception exception, Guid messageId);

    [LoggerMessage(LogLevel.Warning, "The end of message {MessageId} could not be stored yet")]
    private partial void LogStoreFailed(Exception? exception, Guid messageId);

    [LoggerMessage(LogLevel.Information, "Message {MessageId} was deleted while its answer was written")]
    private partial void LogGone(Guid messageId);
}
