using System.Globalization;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Models.Credentials;
using Dify.Core.Workspaces;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Settings;

/// <summary>Providers of models with their state and credentials, and the models used by default.</summary>
public sealed partial class ModelProvidersPage : ComponentBase
{
    private readonly Dictionary<ModelType, ModelReference> _defaults = [];

    private Actor? _actor;
    private IReadOnlyList<ProviderState>? _providers;
    private string? _failure;
    private bool _forbidden;
    private int _revision;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private ProviderService Providers { get; set; } = null!;

    [Inject]
    private ModelCatalog Catalog { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    private bool CanManage => _actor?.Can(Permission.ManageModels) is true;

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        try
        {
            _actor = await Member.GetActorAsync();
            _providers = await Providers.ListAsync(_actor);
            foreach (var type in Enum.GetValues<ModelType>())
            {
                _defaults[type] = await Catalog.GetDefaultAsync(_actor.WorkspaceId, type);
            }

            _failure = null;
            _revision++;
        }
        catch (DifyException failure)
        {
            (_failure, _forbidden) = (Feedback.Describe(failure), failure.Status == 403);
        }
    }

    private async Task ChooseAsync(ModelType type, ModelReference? model)
    {
        if (await Feedback.TryAsync(async () => await Providers.SetDefaultsAsync(
            await Member.GetActorAsync(), new Dictionary<ModelType, ModelReference?> { [type] = model })))
        {
            Feedback.Success(Text["Defaults.Saved"]);
        }

        await LoadAsync();
    }

    private async Task SetUpAsync(ProviderState provider)
    {
        var title = Format("Dialog.Title", provider.Schema.Label);
        var parameters = new DialogParameters<ProviderCredentialsDialog> { { d => d.Provider, provider } };
        var dialog = await Dialogs.ShowAsync<ProviderCredentialsDialog>(
            title, parameters, new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true });
        if (await dialog.Result is { Canceled: false })
        {
            Feedback.Success(Format("Dialog.Saved", provider.Schema.Label));
            await LoadAsync();
        }
    }

    private async Task RemoveAsync(ProviderState provider)
    {
        var label = provider.Schema.Label;
        if (await Dialogs.ConfirmAsync(Format("Remove.Title", label), Format("Remove.Message", label), Text["Action.Remove"])
            && await Feedback.TryAsync(async () => await Providers.RemoveAsync(await Member.GetActorAsync(), provider.Schema.Id)))
        {
            Feedback.Success(Text["Removed"]);
            await LoadAsync();
        }
    }

    private async Task RefreshAsync(ProviderState provider)
    {
        if (await Feedback.TryAsync(async () => await Providers.RefreshModelsAsync(await Member.GetActorAsync(), provider.Schema.Id)))
        {
            Feedback.Success(Text["Refreshed"]);
            await LoadAsync();
        }
    }

    private string Format(string key, string value) => string.Format(CultureInfo.CurrentCulture, Text[key], value);
}
