using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Web.Components.Pages.Workflows.Runs;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>Waiting with an answer that waits for a person.</summary>
public sealed partial class ChatPanel
{
    private IReadOnlyList<string> _forms = [];
    private Guid? _pausedId;

    /// <summary>Looks now and then whether the answer goes on: its form may be filled in elsewhere, or expire.</summary>
    private void WaitFor(Message message)
    {
        StopWatching();
        _pausedId = message.Id;
        _liveTask = message.RunId;
        _watching = new CancellationTokenSource();
        Follow(WaitAsync(message, _watching.Token));
    }

    private async Task WaitAsync(Message message, CancellationToken cancellationToken)
    {
        try
        {
            var isShown = false;
            for (var pause = TimeSpan.FromSeconds(0.25); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var forms = await Backend.FindFormsAsync(Audience, message.RunId, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                if (forms is null || (_forms.Count > 0 && !forms.SequenceEqual(_forms)))
                {
                    var messages = await Backend.GetMessagesAsync(Audience, message.ConversationId, cancellationToken);
                    cancellationToken.ThrowIfCancellationRequested();
                    _tree.Load(messages);
                    if (messages.FirstOrDefault(m => m.Id == message.Id) is not { Status: MessageStatus.Paused } now)
                    {
                        await LeavePauseAsync(message.Id);
                        return;
                    }

                    message = now;
                }

                if (forms is not null && (!isShown || !forms.SequenceEqual(_forms)))
                {
                    await FindStepsAsync(message, cancellationToken);
                    (_forms, isShown) = (forms, true);
                    StateHasChanged();
                }

                await Task.Delay(pause, Time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The panel shows something else now; the run waits on.
        }
        catch (DifyException failure)
        {
            StopWatching();
            _loadFailure = Feedback.Describe(failure);
            StateHasChanged();
        }
    }

    /// <summary>The steps up to the pause, where the page came too late to see them; none when they are known no more.</summary>
    private async Task FindStepsAsync(Message message, CancellationToken cancellationToken)
    {
        if (_traces.TryGetValue(message.Id, out var seen) && seen.State is StepState.Paused)
        {
            return;
        }

        var trace = new RunTrace { RunId = message.RunId };
        await foreach (var happened in Backend.WatchAsync(message.RunId, 0, cancellationToken))
        {
            trace.Apply(happened);
            if (trace.State is StepState.Paused)
            {
                // What may follow belongs to whoever watches the answer go on.
                break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        _traces.Remove(message.Id);
        if (trace.State is StepState.Paused)
        {
            _traces[message.Id] = trace;
        }
    }

    private async Task LeavePauseAsync(Guid messageId)
    {
        if (_tree.Leaf is { Status: MessageStatus.Running } leaf && leaf.Id == messageId)
        {
            Watch(leaf, isResumed: true);
            StateHasChanged();
        }
        else
        {
            await FinishAsync(messageId);
        }
    }
}
