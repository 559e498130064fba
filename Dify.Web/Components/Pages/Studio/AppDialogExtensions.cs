using Dify.Core.Apps;
using Dify.Web.Components.Pages.Studio.Transfer;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

internal static class AppDialogExtensions
{
    /// <summary>Asks for a new app and makes it; null when the person changes their mind.</summary>
    /// <param name="mode">The kind that is chosen at first.</param>
    public static Task<Core.Apps.App?> CreateAppAsync(this IDialogService dialogs, AppMode mode = AppMode.Workflow) =>
        ShowAsync(dialogs, AppInfoPurpose.Create, null, mode);

    public static Task<Core.Apps.App?> EditAppAsync(this IDialogService dialogs, Core.Apps.App app) => ShowAsync(dialogs, AppInfoPurpose.Edit, app);

    public static Task<Core.Apps.App?> DuplicateAppAsync(this IDialogService dialogs, Core.Apps.App app) =>
        ShowAsync(dialogs, AppInfoPurpose.Duplicate, app);

    /// <summary>Takes an app file; the id of the app, or null when the person changes their mind.</summary>
    /// <param name="target">The workflow app whose draft the file replaces; null: a new app is made.</param>
    public static async Task<Guid?> ImportAppAsync(this IDialogService dialogs, Core.Apps.App? target = null)
    {
        var parameters = new DialogParameters<ImportDialog> { { d => d.Target, target } };
        var dialog = await dialogs.ShowAsync<ImportDialog>(null, parameters, new DialogOptions { BackdropClick = false });
        return await dialog.Result is { Canceled: false, Data: Guid appId } ? appId : null;
    }

    /// <summary>Offers an app's file; asks about secrets where it has some.</summary>
    public static Task ExportAppAsync(this IDialogService dialogs, Core.Apps.App app, bool hasSecrets) =>
        dialogs.ShowAsync<ExportDialog>(null, new DialogParameters<ExportDialog> { { d => d.App, app }, { d => d.HasSecrets, hasSecrets } });

    private static async Task<Core.Apps.App?> ShowAsync(IDialogService dialogs, AppInfoPurpose purpose, Core.Apps.App? app, AppMode mode = AppMode.Workflow)
    {
        var parameters = new DialogParameters<AppInfoDialog> { { d => d.Purpose, purpose }, { d => d.App, app }, { d => d.Mode, mode } };
        var dialog = await dialogs.ShowAsync<AppInfoDialog>(null, parameters, new DialogOptions { BackdropClick = false });
        return await dialog.Result is { Canceled: false, Data: Core.Apps.App saved } ? saved : null;
    }
}
