using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Workflows.Drafts;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Workflows;

/// <summary>A member's own conversation with the draft of a chatflow, as it is when a message is sent.</summary>
public sealed partial class ChatflowPreview
{
    private WorkflowContent? _shown;
    private AppModelConfig? _config;
    private ChatAudience? _audience;
    private Guid? _conversationId;
    private JsonObject _inputs = [];
    private int _number;

    [Parameter, EditorRequired]
    public required Core.Apps.App App { get; set; }

    /// <summary>The draft, for its form and its opener.</summary>
    [Parameter, EditorRequired]
    public required WorkflowContent Content { get; set; }

    /// <summary>Fires with the run of an answer that begins.</summary>
    [Parameter]
    public EventCallback<Guid> OnStarted { get; set; }

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private WorkflowDraftService Drafts { get; set; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        if (!ReferenceEquals(_shown, Content))
        {
            _shown = Content;
            _config = ConfigOf(Content);
        }

        if (_audience?.AppId != App.Id)
        {
            var actor = await Member.GetActorAsync();
            _audience = new ChatAudience
            {
                WorkspaceId = App.WorkspaceId, AppId = App.Id, AccountId = actor.AccountId, InvokeFrom = "debugger",
            };
        }
    }

    /// <summary>A draft that cannot run yet still shows the chat, whose first message says what is wrong.</summary>
    private static AppModelConfig ConfigOf(WorkflowContent content)
    {
        try
        {
            return ChatflowConfig.Of(content);
        }
        catch (DifyException)
        {
            return new AppModelConfig();
        }
    }

    private async Task<Guid> SnapshotAsync() => await Drafts.SnapshotAsync(await Member.GetActorAsync(), App.Id);

    private void Restart()
    {
        _conversationId = null;
        _number++;
    }
}
