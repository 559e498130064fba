using System.Globalization;
using Dify.Core.Chat;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>What can be done with a finished answer.</summary>
public sealed partial class AnswerActions : ComponentBase
{
    private bool _copied;
    private bool _commenting;
    private string _comment = "";

    [Parameter, EditorRequired]
    public required Message Message { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public EventCallback OnRegenerate { get; set; }

    /// <summary>Message, rating, comment; false: not stored.</summary>
    [Parameter, EditorRequired]
    public required Func<Message, string?, string?, Task<bool>> OnRate { get; set; }

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    private string CommentId => $"comment-{Message.Id:N}";

    private string UsageText
    {
        get
        {
            var parts = new List<string>(2);
            if (Message.FinishedAt is { } finished)
            {
                var seconds = Math.Max(0.1, (finished - Message.CreatedAt).TotalSeconds);
                parts.Add(Text["Answer.Seconds", seconds.ToString(seconds < 10 ? "0.0" : "0", CultureInfo.CurrentCulture)]);
            }

            if (Message.Usage.TotalTokens > 0)
            {
                parts.Add(Text["Answer.Tokens", Message.Usage.TotalTokens.ToString("N0", CultureInfo.CurrentCulture)]);
            }

            return string.Join(" · ", parts);
        }
    }

    private string Pressed(string rating) => Message.Rating == rating ? "true" : "false";

    private async Task CopyAsync()
    {
        var module = await Script.InvokeAsync<IJSObjectReference?>("import", "./js/chat.js");
        if (module is not null)
        {
            _copied = await module.InvokeAsync<bool>("copyText", Message.Answer);
            await module.DisposeAsync();
        }
    }

    private async Task RateAsync(string rating)
    {
        var next = Message.Rating == rating ? null : rating;
        if (await OnRate(Message, next, null))
        {
            _comment = "";
            _commenting = next is not null;
        }
    }

    private async Task SendCommentAsync()
    {
        if (string.IsNullOrWhiteSpace(_comment) || await OnRate(Message, Message.Rating, _comment.Trim()))
        {
            _commenting = false;
        }
    }
}
