using Dify.Core.Apps;
using Dify.Core.Apps.Transfer;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>What can be done with an app as a whole.</summary>
public sealed partial class AppMenu : ComponentBase
{
    [Parameter, EditorRequired]
    public Core.Apps.App App { get; set; } = null!;

    /// <summary>The app's info changed.</summary>
    [Parameter]
    public EventCallback<Core.Apps.App> OnChanged { get; set; }

    [Parameter]
    public EventCallback<Core.Apps.App> OnDeleted { get; set; }

    [Inject]
    private AppService Apps { get; set; } = null!;

    [Inject]
    private AppExportService Exports { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private AppAddresses Addresses { get; set; } = null!;

    [Inject]
    private IStringLocalizer<StudioText> Words { get; set; } = null!;

    private async Task EditAsync()
    {
        if (await Dialogs.EditAppAsync(App) is { } changed)
        {
            await OnChanged.InvokeAsync(changed);
        }
    }

    private async Task DuplicateAsync()
    {
        if (await Dialogs.DuplicateAppAsync(App) is { } copy)
        {
            Navigation.NavigateTo(AppTypes.BuilderOf(copy));
        }
    }

    private Task<bool> ExportAsync() => Feedback.TryAsync(async () =>
        await Dialogs.ExportAppAsync(App, await Exports.HasSecretsAsync(await Member.GetActorAsync(), App.Id)));

    private async Task ReplaceAsync()
    {
        if (await Dialogs.ImportAppAsync(App) is { } appId)
        {
            Navigation.NavigateTo($"/app/{appId}/setup");
        }
    }

    private async Task DeleteAsync()
    {
        var agreed = await Dialogs.ConfirmAsync(
            Words["Delete.Title", App.Name], Words["Delete.Message"], Words["App.Delete"], App.Name);
        if (agreed && await Feedback.TryAsync(async () => await Apps.DeleteAsync(await Member.GetActorAsync(), App.Id)))
        {
            Feedback.Success(Words["Delete.Done", App.Name]);
            await OnDeleted.InvokeAsync(App);
        }
    }
}
