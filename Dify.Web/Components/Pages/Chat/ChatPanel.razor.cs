using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Web.Components.Shared;
using Dify.Web.Components.Shared.Markdown;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>
/// A conversation with an app: the web app's page and the preview beside the builder's settings. What it shows is what
/// the store and the run's events say, so that it can vanish and come back at any time.
/// </summary>
public sealed partial class ChatPanel : ComponentBase, IAsyncDisposable
{
    private const int TurnsAtOnce = 40;

    private readonly MessageTree _tree = new();
    private ElementReference _root;
    private ChatComposer? _composer;
    private IJSObjectReference? _module;
    private IJSObjectReference? _list;
    private (Guid App, Guid? Conversation)? _shown;
    private Conversation? _conversation;
    private JsonObject? _givenInputs;
    private IReadOnlyList<UserInputField>? _shownForm;
    private JsonObject _inputs = [];
    private int _shownTurns = TurnsAtOnce;
    private bool _formOpen = true;
    private bool _showProblems;
    private bool _loading;
    private string? _loadFailure;
    private string? _sendFailure;
    private string? _announcement;

    /// <summary>Whose conversation it is.</summary>
    [Parameter, EditorRequired]
    public required ChatAudience Audience { get; set; }

    [Parameter, EditorRequired]
    public required Dify.Core.Apps.App App { get; set; }

    /// <summary>A draft to try; null: what is published.</summary>
    [Parameter]
    public AppModelConfig? Config { get; set; }

    /// <summary>Chatflows: gives the version to try, asked with every message; null: what is published.</summary>
    [Parameter]
    public Func<Task<Guid>>? FindVersion { get; set; }

    /// <summary>Fires with the run of an answer that begins.</summary>
    [Parameter]
    public EventCallback<Guid> OnStarted { get; set; }

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

    [Inject]
    private IChatBackend Backend { get; set; } = null!;

    [Inject]
    private MarkdownRenderer Markdown { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    private AppModelConfig Active => Config ?? App.Published ?? App.Draft;

    private bool HasForm => ChatInputs.Shown(Active.UserInputForm).Count > 0;

    private string DraftKey => $"dify-draft:{App.Id:N}:{ConversationId?.ToString("N") ?? "new"}";

    private string Opening => _conversation is not null
        ? _conversation.Introduction
        : Opener.Render(Active.OpeningStatement, ChatInputs.Named(Active.UserInputForm, _inputs));

    private IReadOnlyList<string> OpeningQuestions => _tree.Branch.Count > 0
        ? []
        : [.. Active.SuggestedQuestions.Where(q => !string.IsNullOrWhiteSpace(q)).Select(q => Opener.Render(q, ChatInputs.Named(Active.UserInputForm, _inputs)))];

    private RenderFragment Avatar => builder =>
    {
        builder.OpenComponent<AppIcon>(0);
        builder.AddComponentParameter(1, nameof(AppIcon.Icon), App.Icon);
        builder.AddComponentParameter(2, nameof(AppIcon.Background), App.IconBackground);
        builder.AddComponentParameter(3, nameof(AppIcon.Size), 36);
        builder.CloseComponent();
    };

    /// <summary>Puts the cursor into the box.</summary>
    public Task FocusAsync() => _composer?.FocusAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        StopWatching();
        try
        {
            if (_list is not null)
            {
                await _list.InvokeVoidAsync("dispose");
                await _list.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its list with it.
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (!ReferenceEquals(_givenInputs, Inputs))
        {
            _givenInputs = Inputs;
            _inputs = ChatInputs.WithDefaults(Active.UserInputForm, Inputs);
        }
        else if (!ReferenceEquals(_shownForm, Active.UserInputForm))
        {
            _inputs = ChatInputs.WithDefaults(Active.UserInputForm, _inputs);
        }

        _shownForm = Active.UserInputForm;

        if (_shown != (App.Id, ConversationId))
        {
            await LoadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/chat.js");
            if (_module is not null)
            {
                _list = await _module.InvokeAsync<IJSObjectReference>("open", _root);
            }
        }
    }

    private async Task LoadAsync()
    {
        var wanted = (App.Id, ConversationId);
        _shown = wanted;
        StopWatching();
        _tree.Clear();
        _followUps = [];
        _conversation = null;
        _loadFailure = _sendFailure = _announcement = null;
        _shownTurns = TurnsAtOnce;
        _formOpen = ConversationId is null;
        _showProblems = false;
        if (ConversationId is not { } id)
        {
            return;
        }

        _loading = true;
        try
        {
            var conversation = await Backend.GetConversationAsync(Audience, id, CancellationToken.None);
            var messages = await Backend.GetMessagesAsync(Audience, id, CancellationToken.None);
            if (_shown == wanted)
            {
                _conversation = conversation;
                _inputs = ChatInputs.WithDefaults(Active.UserInputForm, conversation.Inputs);
                _tree.Load(messages);
                WatchLeaf();
            }
        }
        catch (DifyException failure)
        {
            _loadFailure = _shown == wanted ? Feedback.Describe(failure) : _loadFailure;
        }
        finally
        {
            _loading = _shown != wanted && _loading;
        }
    }

    private async Task ChangeInputsAsync(JsonObject values)
    {
        _inputs = values;
        _givenInputs = values;
        await InputsChanged.InvokeAsync(values);
    }

    private async Task ToNewestAsync()
    {
        if (_list is not null)
        {
            await _list.InvokeVoidAsync("toNewest", true);
        }
    }
}
