using Dify.Core.Chat;
using Dify.Web.Components.Pages.Workflows.Runs;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>A question and its answer.</summary>
public sealed partial class ChatTurnView : ComponentBase
{
    private bool _editing;

    [Parameter, EditorRequired]
    public required BranchEntry Entry { get; set; }

    /// <summary>The answer in the making; null once it is stored.</summary>
    [Parameter]
    public LiveAnswer? Live { get; set; }

    /// <summary>The tokens of the forms that the paused answer waits for.</summary>
    [Parameter]
    public IReadOnlyList<string> Forms { get; set; } = [];

    [Parameter]
    public EventCallback OnAnswered { get; set; }

    /// <summary>The steps that were seen happening here; null: none.</summary>
    [Parameter]
    public RunTrace? Trace { get; set; }

    /// <summary>Some answer of the conversation is coming: nothing new can be asked.</summary>
    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public bool ShowCitations { get; set; }

    [Parameter]
    public RenderFragment? Avatar { get; set; }

    /// <summary>Asks with another text beside this question; false: not taken.</summary>
    [Parameter, EditorRequired]
    public required Func<Message, string, Task<bool>> OnEdit { get; set; }

    [Parameter]
    public EventCallback<Message> OnRegenerate { get; set; }

    /// <summary>Shows another version of this question.</summary>
    [Parameter]
    public EventCallback<Guid> OnSelect { get; set; }

    [Parameter, EditorRequired]
    public required Func<Message, string?, string?, Task<bool>> OnRate { get; set; }

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    private Message Message => Entry.Message;

    private bool IsLive => Live is not null || Message.Status is MessageStatus.Running;

    /// <summary>The stored text already says what to do; a translation by code is better where there is one.</summary>
    private string FailureText => Message.ErrorCode is { Length: > 0 } code
        ? Feedback.Describe(new Core.Common.DifyException(code, Message.Error ?? code))
        : Message.Error ?? Feedback.Describe(new InvalidOperationException());

    private async Task<bool> EditAsync(string text)
    {
        if (text == Message.Query)
        {
            _editing = false;
            StateHasChanged();
            return true;
        }

        var accepted = await OnEdit(Message, text);
        _editing = !accepted;
        StateHasChanged();
        return accepted;
    }
}
