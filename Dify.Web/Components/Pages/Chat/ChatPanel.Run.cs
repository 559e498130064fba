using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Web.Components.Pages.Workflows.Runs;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>Asking, watching the answer come, stopping.</summary>
public sealed partial class ChatPanel
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private IReadOnlyList<string> _followUps = [];
    private readonly Dictionary<Guid, RunTrace> _traces = [];
    private LiveAnswer? _live;
    private Guid? _liveId;
    private Guid _liveTask;
    private CancellationTokenSource? _watching;
    private bool _starting;
    private bool _stopping;

    private bool IsBusy => _live is not null || _pausedId is not null || _starting;

    /// <summary>Sends a text as the next question; false: not taken, and the panel says why.</summary>
    internal Task<bool> SendAsync(string text) => StartAsync(text, _tree.Leaf?.Id);

    private Task<bool> AskAsync(string question) => SendAsync(question);

    private Task<bool> EditAsync(Message message, string text) => StartAsync(text, message.ParentMessageId);

    private Task<bool> RegenerateAsync(Message message) => StartAsync(message.Query, message.ParentMessageId);

    private void TellTooLong() => _sendFailure = Text["Composer.TooLong", ChatComposer.LongestText / 1000];

    private async Task<bool> StartAsync(string query, Guid? parentId)
    {
        if (IsBusy)
        {
            return false;
        }

        if (ChatInputs.Problems(Active.UserInputForm, _inputs).Count > 0)
        {
            _showProblems = _formOpen = true;
            _sendFailure = Text["Inputs.FillFirst"];
            StateHasChanged();
            return false;
        }

        var place = _shown;
        _starting = true;
        _sendFailure = _announcement = null;
        StateHasChanged();
        try
        {
            var run = await Backend.StartAsync(
                new ChatRequest
                {
                    Audience = Audience,
                    Query = query,
                    Inputs = (JsonObject)_inputs.DeepClone(),
                    ConversationId = _conversation?.Id ?? ConversationId,
                    ParentMessageId = parentId,
                    FollowsLatest = false,
                    Config = Config,
                    VersionId = FindVersion is { } find ? await find() : null,
                },
                CancellationToken.None);
            if (_shown == place)
            {
                await ShowAsync(run, query, parentId);
            }

            return true;
        }
        catch (DifyException failure)
        {
            _sendFailure = Feedback.Describe(failure);
            return false;
        }
        finally
        {
            _starting = false;
            StateHasChanged();
        }
    }

    private async Task ShowAsync(ChatRun run, string query, Guid? parentId)
    {
        var message = new Message
        {
            Id = run.MessageId,
            WorkspaceId = Audience.WorkspaceId,
            AppId = Audience.AppId,
            ConversationId = run.ConversationId,
            ParentMessageId = parentId,
            RunId = run.TaskId,
            Query = query,
            InvokeFrom = Audience.InvokeFrom,
            CreatedAt = run.CreatedAt,
        };
        _followUps = [];
        _formOpen = _showProblems = false;
        _tree.Add(message);
        Watch(message);
        if (ConversationId != run.ConversationId)
        {
            // The parent's parameter follows; what is shown already is the new conversation.
            _shown = (App.Id, run.ConversationId);
            ConversationId = run.ConversationId;
            await ConversationIdChanged.InvokeAsync(run.ConversationId);
        }

        await OnStarted.InvokeAsync(run.TaskId);
        if (_list is not null)
        {
            await _list.InvokeVoidAsync("toNewest", false);
        }
    }

    private void Select(Guid messageId)
    {
        _followUps = [];
        _tree.Select(messageId);
        WatchLeaf();
    }

    private async Task<bool> RateAsync(Message message, string? rating, string? comment)
    {
        var done = await Feedback.TryAsync(() => Backend.RateAsync(Audience, message.Id, rating, comment, CancellationToken.None));
        if (done)
        {
            message.Rating = rating;
            message.RatingComment = comment ?? message.RatingComment;
            if (comment is not null)
            {
                Feedback.Success(Text["Feedback.Thanks"]);
            }
        }

        return done;
    }

    private async Task StopAsync()
    {
        if ((_live is null && _pausedId is null) || _stopping)
        {
            return;
        }

        _stopping = true;
        if (!await Feedback.TryAsync(() => Backend.StopAsync(Audience, _liveTask, CancellationToken.None)))
        {
            _stopping = false;
        }
    }

    /// <summary>An answer that is still being made is watched again from its first event.</summary>
    private void WatchLeaf()
    {
        if (_tree.Leaf is { Status: MessageStatus.Running } leaf)
        {
            if (leaf.Id != _liveId)
            {
                Watch(leaf);
            }
        }
        else if (_tree.Leaf is { Status: MessageStatus.Paused } paused)
        {
            if (paused.Id != _pausedId)
            {
                WaitFor(paused);
            }
        }
        else
        {
            StopWatching();
        }
    }

    private void Watch(Message message, bool isResumed = false)
    {
        StopWatching();
        _live = new LiveAnswer(Markdown, Time);
        if (message.Answer.Length > 0)
        {
            // What was said before a pause; the events of this life only add to it.
            isResumed = true;
            _live.Append(message.Answer);
        }

        _liveId = message.Id;
        _liveTask = message.RunId;
        _watching = new CancellationTokenSource();
        Follow(WatchAsync(message, _live, isResumed, _watching.Token));
    }

    private void Follow(Task watch) => _ = watch.ContinueWith(
        ended => DispatchExceptionAsync(ended.Exception!.GetBaseException()),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private void StopWatching()
    {
        _watching?.Cancel();
        _watching?.Dispose();
        _watching = null;
        _live?.Dispose();
        _live = null;
        _liveId = null;
        _pausedId = null;
        _forms = [];
        _stopping = false;
    }

    private async Task WatchAsync(Message message, LiveAnswer live, bool isResumed, CancellationToken cancellationToken)
    {
        try
        {
            var seen = 0L;
            if (!_traces.TryGetValue(message.Id, out var trace))
            {
                _traces[message.Id] = trace = new RunTrace { RunId = message.RunId };
            }

            for (var pause = TimeSpan.FromSeconds(0.25); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var isOld = false;
                await foreach (var happened in Backend.WatchAsync(message.RunId, seen, cancellationToken))
                {
                    // The log of the life before the pause, because that of this one is not open yet.
                    isOld = isOld || (isResumed && seen == 0 && happened.Json.Contains("\"reason\":\"initial\"", StringComparison.Ordinal));
                    seen = happened.Number;
                    if (!isOld)
                    {
                        Apply(happened, live, trace);
                    }
                }

                seen = isOld ? 0 : seen;

                var messages = await Backend.GetMessagesAsync(Audience, message.ConversationId, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                if (messages.FirstOrDefault(m => m.Id == message.Id) is not { Status: MessageStatus.Running })
                {
                    _tree.Load(messages);
                    await FinishAsync(message.Id);
                    return;
                }

                // Another process makes the answer, or its end is not stored yet.
                await Task.Delay(pause, Time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The panel shows something else now; the run goes on.
        }
        catch (DifyException failure)
        {
            StopWatching();
            _loadFailure = Feedback.Describe(failure);
            StateHasChanged();
        }
    }

    private static void Apply(RunEvent happened, LiveAnswer live, RunTrace trace)
    {
        if (happened.Name is not ("message" or "message_replace" or "agent_message"))
        {
            trace.Apply(happened);
            live.Notice();
            return;
        }

        using var json = JsonDocument.Parse(happened.Json);
        var answer = json.RootElement.TryGetProperty("answer", out var text) ? text.GetString() ?? "" : "";
        if (happened.Name == "message_replace")
        {
            live.Replace(answer);
        }
        else
        {
            live.Append(answer);
        }
    }

    private async Task FinishAsync(Guid messageId)
    {
        StopWatching();
        var message = _tree.Branch.FirstOrDefault(e => e.Message.Id == messageId)?.Message;
        WatchLeaf();
        if (_traces.TryGetValue(messageId, out var trace) && !trace.State.IsEnd() && _pausedId is null)
        {
            // Its end was not seen here.
            _traces.Remove(messageId);
        }

        _announcement = message?.Status switch
        {
            MessageStatus.Normal => message.Answer.Length <= 2_000 ? message.Answer : message.Answer[..2_000],
            MessageStatus.Stopped => Text["Answer.Stopped"],
            MessageStatus.Error => Text["Answer.Failed"],
            MessageStatus.Paused => Text["Answer.Paused"],
            _ => null,
        };
        StateHasChanged();
        if (message is null)
        {
            return;
        }

        await AnswerFinished.InvokeAsync(message);
        if (message.Status is MessageStatus.Normal && Active.SuggestedQuestionsAfterAnswer.Enabled)
        {
            await SuggestAsync(message);
        }
    }

    private async Task SuggestAsync(Message message)
    {
        try
        {
            var questions = await Backend.SuggestAsync(Audience, message.Id, CancellationToken.None);
            if (_tree.Leaf?.Id == message.Id && !IsBusy)
            {
                _followUps = questions;
                StateHasChanged();
            }
        }
        catch (DifyException)
        {
            // Follow-up questions are an extra: without them the answer still stands.
        }
    }
}
