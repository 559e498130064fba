using MudBlazor;

namespace Dify.Web.Components.Layout;

/// <summary>Colours, type and shape of the product, light and dark.</summary>
internal static class DifyTheme
{
    public static MudTheme Instance { get; } = new();
}
