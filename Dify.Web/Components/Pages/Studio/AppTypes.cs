using Dify.Core.Apps;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>A kind of app that can be made here. Its texts are <c>AppType.{key}</c> and <c>AppType.{key}.Help</c>.</summary>
/// <param name="IsBasic">Built with a form of settings instead of steps.</param>
internal sealed record AppType(AppMode Mode, string Key, string Icon, bool IsBasic = false);

internal static class AppTypes
{
    /// <summary>The kinds that this version runs.</summary>
    public static IReadOnlyList<AppType> All { get; } = 
    [
        new(AppMode.Workflow, "AppType.Workflow", Icons.Material.Outlined.AccountTree),
        new(AppMode.AdvancedChat, "AppType.AdvancedChat", Icons.Material.Outlined.Forum),
        new(AppMode.Chat, "AppType.Chat", Icons.Material.Outlined.SmartToy, IsBasic: true),
    ];

    /// <summary>The page on which an app is built.</summary>
    public static string BuilderOf(Core.Apps.App app) => app.Mode switch
    {
        AppMode.Workflow or AppMode.AdvancedChat => $"/app/{app.Id}/workflow",
        AppMode.Chat => $"/app/{app.Id}/configuration",
        _ => $"/app/{app.Id}/setup",
    };

    /// <summary>Apps of other modes come from files: what they need is shown, and they are exported again.</summary>
    public static bool HasBuilder(Core.Apps.App app) => All.Any(type => type.Mode == app.Mode);

    public static string IconOf(AppMode mode) => All.FirstOrDefault(type => type.Mode == mode)?.Icon ?? Icons.Material.Outlined.Apps;

    /// <summary>The text key of a mode's name.</summary>
    public static string KeyOf(AppMode mode) => $"AppType.{mode}";
}
