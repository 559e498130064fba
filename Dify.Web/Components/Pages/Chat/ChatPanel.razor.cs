using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>A conversation with an app: the web app's page and the preview beside the builder's settings.</summary>
public sealed partial class ChatPanel
{
    /// <summary>Whose conversation it is.</summary>
    [Parameter, EditorRequired]
    public required ChatAudience Audience { get; set; }

    [Parameter, EditorRequired]
    public required Dify.Core.Apps.App App { get; set; }

    /// <summary>A draft to try; null: what is published.</summary>
    [Parameter]
    public AppModelConfig? Config { get; set; }

    /// <summary>Null: a conversation that begins with the first message.</summary>
    [Parameter]
    public Guid? ConversationId { get; set; }

    [Parameter]
    public EventCallback<Guid?> ConversationIdChanged { get; set; }

    /// <summary>Values of the form before the chat.</summary>
    [Parameter]
    public JsonObject Inputs { get; set; } = [];

    [Parameter]
    public EventCallback<JsonObject> InputsChanged { get; set; }

    /// <summary>True: less air, for a narrow place beside other things.</summary>
    [Parameter]
    public bool Compact { get; set; }

    /// <summary>Fires with the stored message when an answer has ended, well or not.</summary>
    [Parameter]
    public EventCallback<Message> AnswerFinished { get; set; }
}
