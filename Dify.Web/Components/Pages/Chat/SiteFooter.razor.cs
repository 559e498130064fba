using Dify.Web.Components.Layout;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>Language and theme of a visitor, who has no account to keep them in.</summary>
public sealed partial class SiteFooter : ComponentBase
{
    private string Next => Theme.Mode switch { "light" => "dark", "dark" => "system", _ => "light" };

    private string ThemeLabel => Text["Site.Theme", Text[$"Site.Theme.{Theme.Mode}"]];

    private string ThemeIcon => Theme.Mode switch
    {
        "light" => Icons.Material.Outlined.LightMode,
        "dark" => Icons.Material.Outlined.DarkMode,
        _ => Icons.Material.Outlined.BrightnessAuto,
    };

    private Task ChangeThemeAsync() => Theme.SetAsync(Next);

    private void ChangeLanguage(ChangeEventArgs chosen) => Navigation.NavigateTo(
        $"/language?culture={Uri.EscapeDataString(chosen.Value?.ToString() ?? "")}"
        + $"&to={Uri.EscapeDataString("/" + Navigation.ToBaseRelativePath(Navigation.Uri))}",
        forceLoad: true);
}
