using MudBlazor;

namespace Dify.Web.Components.Shared;

internal static class ConfirmDialogExtensions
{
    /// <summary>Asks before something is lost; true when the person agrees.</summary>
    public static async Task<bool> ConfirmAsync(
        this IDialogService dialogs, string title, string message, string action, string? requiredText = null)
    {
        var parameters = new DialogParameters<ConfirmDialog>
        {
            { d => d.Title, title },
            { d => d.Message, message },
            { d => d.Action, action },
            { d => d.RequiredText, requiredText },
        };
        var dialog = await dialogs.ShowAsync<ConfirmDialog>(title, parameters);
        return await dialog.Result is { Canceled: false };
    }
}
