using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Models;
using Dify.Core.Workspaces;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>Builds a chatbot: its configuration at the left, a chat with the draft at the right.</summary>
public sealed partial class OrchestratePage : ComponentBase, IAsyncDisposable
{
    private Core.Apps.App? _app;
    private Actor? _actor;
    private OrchestrateDraft? _draft;
    private DraftAutosave? _autosave;
    private InstructionsSection? _instructions;
    private FeaturesSection? _features;
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private JsonObject _inputs = [];
    private Guid? _conversationId;
    private int _previewNumber;
    private bool _previewing;
    private bool _publishing;
    private bool _hasChanges;
    private bool _disposed;

    [Parameter]
    public Guid AppId { get; set; }

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private ModelCatalog Models { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private IStringLocalizer<StudioText> Words { get; set; } = null!;

    private ChatAudience Audience => new()
    {
        WorkspaceId = _actor!.WorkspaceId, AppId = AppId, AccountId = _actor.AccountId, InvokeFrom = "debugger",
    };

    public async ValueTask DisposeAsync()
    {
        // The circuit may be gone, the draft need not be.
        if (_autosave is { } autosave)
        {
            await autosave.FlushAsync();
            _disposed = true;
            autosave.Dispose();
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_app?.Id == AppId)
        {
            return;
        }

        if (_autosave is { } before)
        {
            await before.FlushAsync();
            before.Dispose();
        }

        _app = null;
        _actor = await Member.GetActorAsync();
        var app = await Apps.GetAsync(_actor, AppId);
        if (app.Mode != AppMode.Chat)
        {
            Navigation.NavigateTo(AppTypes.BuilderOf(app), replace: true);
            return;
        }

        var appId = AppId;
        _draft = new OrchestrateDraft(app.Draft);
        _autosave = new DraftAutosave(
            async (config, revision) => await Apps.SaveDraftAsync(await Member.GetActorAsync(), appId, config, revision),
            app.DraftRevision, Time, () => _ = InvokeAsync(SaveNowAsync));
        _draft.Changed += OnDraftChanged;
        _autosave.Changed += () => _ = InvokeAsync(StateHasChanged);
        _hasChanges = _draft.DiffersFrom(app.Published);
        _app = app;
        Restart();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            var module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/promptEditor.js");
            var name = await module.InvokeAsync<string?>("timeZone");
            if (name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            {
                _zone = zone;
                StateHasChanged();
            }

            await module.DisposeAsync();
        }
    }

    private void OnDraftChanged()
    {
        _autosave!.Change(_draft!.Config);
        _hasChanges = _draft.DiffersFrom(_app!.Published);
        StateHasChanged();
    }

    private async Task SaveNowAsync()
    {
        if (!_disposed)
        {
            await _autosave!.FlushAsync();
        }
    }

    private async Task FlushAsync()
    {
        await (_instructions?.FlushAsync() ?? Task.CompletedTask);
        await (_features?.FlushAsync() ?? Task.CompletedTask);
        await _autosave!.FlushAsync();
    }

    private async Task LeaveAsync(LocationChangingContext context)
    {
        await FlushAsync();
        if (_autosave!.IsDirty
            && !await Dialogs.ConfirmAsync(Words["Leave.Title"], Words["Leave.Message"], Words["Leave.Action"]))
        {
            context.PreventNavigation();
        }
    }

    private async Task ResolveAsync(bool keepOurs) => await Feedback.TryAsync(async () =>
    {
        var theirs = await Apps.GetAsync(await Member.GetActorAsync(), AppId);
        _autosave!.Resolve(theirs.DraftRevision, keepOurs);
        if (!keepOurs)
        {
            _draft!.Replace(theirs.Draft);
        }

        _app = theirs;
        _hasChanges = _draft!.DiffersFrom(theirs.Published);
        await _autosave.FlushAsync();
    });

    private async Task PublishAsync()
    {
        _publishing = true;
        try
        {
            await FlushAsync();
            if (_autosave!.IsDirty)
            {
                return;
            }

            if (await Feedback.TryAsync(async () => _app = await Apps.PublishAsync(await Member.GetActorAsync(), AppId)))
            {
                _hasChanges = _draft!.DiffersFrom(_app!.Published);
                Feedback.Success(Words["Publish.Done"]);
            }
        }
        finally
        {
            _publishing = false;
        }
    }

    private async Task AddVariableAsync(InstructionsSection? insertInto)
    {
        if (await AskAsync(null, false, null) is { } field)
        {
            _draft!.AddVariable(field);
            await (insertInto?.InsertAsync(field.Input.Variable) ?? Task.CompletedTask);
        }
    }

    private async Task EditVariableAsync(int index)
    {
        if (await AskAsync(_draft!.Variables[index], false, index) is { } field)
        {
            await (_instructions?.FlushAsync() ?? Task.CompletedTask);
            _draft.ReplaceVariable(index, field);
        }
    }

    private async Task<UserInputField?> AskAsync(UserInputField? field, bool isNew, int? index)
    {
        var parameters = new DialogParameters<VariableDialog>
        {
            { d => d.Field, field },
            { d => d.IsNew, isNew },
            { d => d.Taken, [.. _draft!.Variables.Where((_, i) => i != index).Select(v => v.Input.Variable)] },
        };
        var dialog = await Dialogs.ShowAsync<VariableDialog>(null, parameters, new DialogOptions { BackdropClick = false });
        return await dialog.Result is { Canceled: false, Data: UserInputField made } ? made : null;
    }

    private async Task SetParametersAsync(JsonObject values) =>
        _draft!.SetCompletionParams(values, await Models.GetDefaultAsync(_actor!.WorkspaceId, ModelType.Llm));

    private void ShowInfo(Core.Apps.App changed) => _app = changed;

    private void Restart()
    {
        _conversationId = null;
        _previewNumber++;
    }
}
