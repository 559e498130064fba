using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Web.Endpoints;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>The published web app of a chatbot. Each browser sees its own conversations only.</summary>
public sealed partial class SiteChatPage : ComponentBase
{
    private SiteState _state = SiteState.Loading;
    private string? _shownCode;
    private string _query = "";
    private Dify.Core.Apps.App? _app;
    private ChatAudience? _audience;
    private JsonObject _inputs = [];
    private SiteConversations? _list;
    private ChatPanel? _panel;
    private bool _drawerOpen;

    [Parameter]
    public string Code { get; set; } = "";

    [Parameter]
    public Guid? Conversation { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private ConversationService Conversations { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string SkipTarget => $"{new Uri(Navigation.Uri).PathAndQuery}#chat";

    protected override async Task OnParametersSetAsync()
    {
        if (_shownCode != Code)
        {
            _shownCode = Code;
            _state = await LoadAsync();
        }
    }

    private async Task<SiteState> LoadAsync()
    {
        _app = await Apps.FindSiteAsync(Code);
        if (_app is not { Mode: AppMode.Chat or AppMode.AdvancedChat, Published: { } config })
        {
            return SiteState.Missing;
        }

        if (SiteVisitors.SessionOf((await Authentication).User) is not { } session)
        {
            return SiteState.NoCookie;
        }

        var visitor = await Conversations.GetEndUserAsync(_app.WorkspaceId, _app.Id, "browser", session);
        _audience = new ChatAudience
        {
            WorkspaceId = _app.WorkspaceId,
            AppId = _app.Id,
            EndUserId = visitor.Id,
            InvokeFrom = "web-app",
        };
        _query = new Uri(Navigation.Uri).Query;
        _inputs = ChatInputs.FromQuery(
            config.UserInputForm, QueryHelpers.ParseQuery(_query).ToDictionary(p => p.Key, p => p.Value.ToString()));
        return SiteState.Ready;
    }

    private async Task SelectAsync(Guid? conversation)
    {
        _drawerOpen = false;
        Go(conversation, replace: false);
        if (conversation is null && _panel is not null)
        {
            await _panel.FocusAsync();
        }
    }

    private void Started(Guid? conversation) => Go(conversation, replace: true);

    private void Removed(Guid conversation)
    {
        if (conversation == Conversation)
        {
            Go(null, replace: true);
        }
    }

    private Task AnsweredAsync(Message message) => _list?.ReloadAsync() ?? Task.CompletedTask;

    /// <summary>The address names the conversation, so that a reload comes back to it.</summary>
    private void Go(Guid? conversation, bool replace) => Navigation.NavigateTo(
        $"/chat/{Uri.EscapeDataString(Code)}{(conversation is { } id ? $"/{id}" : _query)}", replace: replace);

    private void OnDrawerKey(KeyboardEventArgs pressed)
    {
        if (pressed.Key == "Escape")
        {
            _drawerOpen = false;
        }
    }
}
