using System.Text.Json.Nodes;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Runs;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Chat;

/// <summary>
/// Tells the events of a chatflow run: those of a workflow, with the text as <c>message</c>, and at the end
/// <c>message_end</c> then <c>workflow_finished</c>, or <c>workflow_finished</c> then <c>error</c>.
/// </summary>
internal sealed partial class ChatflowWire
{
    private readonly Message _message;
    private readonly RunRecorder _recorder;
    private readonly IRunEventLog _events;
    private readonly ILogger _logger;
    private readonly ChatEvents _chat;
    private readonly RunEvents _run;

    public ChatflowWire(Message message, RunRecorder recorder, IRunEventLog events, JsonObject createdBy, ILogger logger)
    {
        (_message, _recorder, _events, _logger) = (message, recorder, events, logger);
        _chat = new ChatEvents(message);
        _run = new RunEvents(
            recorder,
            new JsonObject
            {
                ["task_id"] = message.RunId,
                ["workflow_run_id"] = message.RunId,
                ["message_id"] = message.Id,
                ["conversation_id"] = message.ConversationId,
                ["created_at"] = message.CreatedAt.ToUnixTimeSeconds(),
            },
            createdBy);
    }

    public ValueTask TellAsync(GraphEvent happened, string? text)
    {
        if (happened is NodeRunStreamChunk)
        {
            return text is null ? ValueTask.CompletedTask : AppendAsync(ChatEvents.Message, _chat.Delta(_recorder.Hide(text)));
        }

        var told = happened is GraphRunStarted ? _run.Started() : _run.Write(happened);
        return told is { } made ? AppendAsync(made.Name, made.Json) : ValueTask.CompletedTask;
    }

    /// <summary>To be called when the outcome is stored.</summary>
    public async ValueTask TellEndAsync()
    {
        if (_message.Status == MessageStatus.Paused)
        {
            var reasons = StoredJson.ReadList(_recorder.Run.PauseReasons ?? "[]").OfType<JsonObject>();
            var paused = _run.Paused([.. reasons]);
            await AppendAsync(paused.Name, paused.Json);
            return;
        }

        if (_message.Status != MessageStatus.Error)
        {
            await AppendAsync(ChatEvents.MessageEnd, _chat.End(_message));
        }

        var finished = _run.Finished();
        await AppendAsync(finished.Name, finished.Json);
        if (_message.Status == MessageStatus.Error)
        {
            await AppendAsync(ChatEvents.Error, _chat.Failed(
                _message.ErrorCode!, _message.Error!, ChatErrors.StatusOf(_message.ErrorCode)));
        }
    }

    public ValueTask CompleteAsync() => _events.CompleteAsync(_message.RunId);

    /// <summary>A watcher's loss must not become the run's.</summary>
    private async ValueTask AppendAsync(string name, string json)
    {
        var appending = _events.AppendAsync(_message.RunId, name, json);
        if (!appending.IsCompletedSuccessfully)
        {
            var task = appending.AsTask();
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!task.IsCompletedSuccessfully)
            {
                LogNotTold(task.Exception, _message.Id);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "An event of message {MessageId} could not be told")]
    private partial void LogNotTold(Exception? exception, Guid messageId);
}
