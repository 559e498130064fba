using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>The conversations of one visitor with one app.</summary>
public sealed partial class SiteConversations : ComponentBase
{
    private const int PageSize = 30;
    private const int LargestPage = 100;

    private List<Conversation>? _rows;
    private ChatAudience? _shownAudience;
    private Guid? _shownSelected;
    private bool _hasMore;
    private bool _loadingMore;
    private string? _failure;

    [Parameter, EditorRequired]
    public required ChatAudience Audience { get; set; }

    [Parameter]
    public Guid? Selected { get; set; }

    /// <summary>Null: a new conversation.</summary>
    [Parameter]
    public EventCallback<Guid?> OnSelect { get; set; }

    [Parameter]
    public EventCallback<Guid> OnRemoved { get; set; }

    [Inject]
    private ConversationService Conversations { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    public async Task ReloadAsync()
    {
        try
        {
            var count = Math.Clamp(_rows?.Count ?? 0, PageSize, LargestPage);
            var page = await Conversations.ListAsync(Audience, null, count, pinnedFirst: true);
            (_rows, _hasMore, _failure) = ([.. page.Items], page.HasMore, null);
        }
        catch (DifyException failure)
        {
            _failure = Feedback.Describe(failure);
        }

        StateHasChanged();
    }

    protected override async Task OnParametersSetAsync()
    {
        var isNew = Selected is { } id && _shownSelected != id && _rows?.TrueForAll(c => c.Id != id) == true;
        _shownSelected = Selected;
        if (_shownAudience != Audience || isNew)
        {
            _shownAudience = Audience;
            await ReloadAsync();
        }
    }

    private async Task LoadMoreAsync()
    {
        _loadingMore = true;
        await Feedback.TryAsync(async () =>
        {
            var page = await Conversations.ListAsync(Audience, _rows![^1].Id, PageSize, pinnedFirst: true);
            _rows.AddRange(page.Items.Where(c => _rows.TrueForAll(r => r.Id != c.Id)));
            _hasMore = page.HasMore;
        });
        _loadingMore = false;
    }

    private async Task PinAsync(Conversation conversation)
    {
        await Feedback.TryAsync(() => Conversations.PinAsync(Audience, conversation.Id, !conversation.Pinned));
        await ReloadAsync();
    }

    private async Task RenameAsync(Conversation conversation)
    {
        var parameters = new DialogParameters<RenameConversationDialog> { { d => d.Name, conversation.Name } };
        var dialog = await Dialogs.ShowAsync<RenameConversationDialog>(null, parameters);
        if (await dialog.Result is { Canceled: false, Data: string name })
        {
            await Feedback.TryAsync(() => Conversations.RenameAsync(Audience, conversation.Id, name, autoGenerate: false));
            await ReloadAsync();
        }
    }

    private async Task DeleteAsync(Conversation conversation)
    {
        if (!await Dialogs.ConfirmAsync(
            Text["Site.DeleteTitle"], Text["Site.DeleteText", conversation.Name], Text["Site.Delete"]))
        {
            return;
        }

        if (await Feedback.TryAsync(() => Conversations.DeleteAsync(Audience, conversation.Id)))
        {
            await OnRemoved.InvokeAsync(conversation.Id);
        }

        await ReloadAsync();
    }
}
