using Dify.Core.Workspaces.ApiKeys;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>The keys of an app or of the workspace's knowledge. A token is shown once, when it is made.</summary>
public sealed partial class ApiKeysSection : ComponentBase
{
    private IReadOnlyList<ApiKey>? _keys;
    private string? _token;
    private bool _creating;

    [Parameter, EditorRequired]
    public ApiKeyKind Kind { get; set; }

    /// <summary>The app of an app key.</summary>
    [Parameter]
    public Guid? AppId { get; set; }

    /// <summary>The heading; "API keys" by default.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>What a key opens.</summary>
    [Parameter]
    public string? Help { get; set; }

    [Inject]
    private ApiKeyService Keys { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private IStringLocalizer<StudioText> Words { get; set; } = null!;

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync() => _keys = await Keys.ListAsync(await Member.GetActorAsync(), Kind, AppId);

    private async Task CreateAsync()
    {
        _creating = true;
        await Feedback.TryAsync(async () =>
        {
            (_, _token) = await Keys.CreateAsync(await Member.GetActorAsync(), Kind, AppId);
            await LoadAsync();
        });
        _creating = false;
    }

    private async Task RevokeAsync(ApiKey key)
    {
        if (!await Dialogs.ConfirmAsync(Words["Keys.Revoke.Title", key.Hint], Words["Keys.Revoke.Message"], Words["Keys.Revoke"]))
        {
            return;
        }

        var revoked = await Feedback.TryAsync(async () =>
        {
            await Keys.DeleteAsync(await Member.GetActorAsync(), key.Id);
            await LoadAsync();
        });
        if (revoked)
        {
            _token = null;
            Feedback.Success(Words["Keys.Revoked"]);
        }
    }
}
