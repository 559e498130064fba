using System.Globalization;
using Dify.Core.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Layout;

public sealed partial class AccountMenu : ComponentBase
{
    [Parameter, EditorRequired]
    public MemberProfile Profile { get; set; } = null!;

    [Inject]
    private ThemePreference Theme { get; set; } = null!;

    private bool DarkNext => Theme.Mode != "dark";

    private string Initial => Profile.AccountName.Length == 0
        ? "?"
        : StringInfo.GetNextTextElement(Profile.AccountName).ToUpper(CultureInfo.CurrentCulture);

    private Task SwitchThemeAsync() => Theme.SetAsync(DarkNext ? "dark" : "light");
}
