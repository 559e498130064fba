using MudBlazor;

namespace Dify.Web.Components.Pages.Workflows.Versions;

/// <summary>What a person says of a version; both may be empty.</summary>
public sealed record VersionWords(string Name, string Note);

internal static class VersionDialogExtensions
{
    /// <summary>Asks for a name and a note; null when the person changes their mind.</summary>
    public static async Task<VersionWords?> DescribeVersionAsync(this IDialogService dialogs, string title, string action, VersionWords? words = null)
    {
        var parameters = new DialogParameters<VersionWordsDialog>
        {
            { d => d.Title, title },
            { d => d.Action, action },
            { d => d.Words, words ?? new VersionWords("", "") },
        };
        var dialog = await dialogs.ShowAsync<VersionWordsDialog>(null, parameters, new DialogOptions { BackdropClick = false });
        return await dialog.Result is { Canceled: false, Data: VersionWords given } ? given : null;
    }
}
