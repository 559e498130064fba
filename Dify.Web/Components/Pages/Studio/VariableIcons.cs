using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

internal static class VariableIcons
{
    public static string Of(string kind) => kind switch
    {
        VariableRules.Paragraph => Icons.Material.Outlined.Notes,
        VariableRules.Select => Icons.Material.Outlined.ArrowDropDownCircle,
        VariableRules.Number => Icons.Material.Outlined.Numbers,
        VariableRules.Checkbox => Icons.Material.Outlined.CheckBox,
        _ => Icons.Material.Outlined.ShortText,
    };
}
