using Dify.Core.Apps;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>A kind of app that can be made here. Its texts are <c>AppType.{key}</c> and <c>AppType.{key}.Help</c>.</summary>
internal sealed record AppType(AppMode Mode, string Key, string Icon);

internal static class AppTypes
{
    /// <summary>The kinds that this version runs.</summary>
    public static IReadOnlyList<AppType> All { get; } = [new(AppMode.Chat, "AppType.Chat", Icons.Material.Outlined.SmartToy)];

    /// <summary>The text key of a mode's name.</summary>
    public static string KeyOf(AppMode mode) => $"AppType.{mode}";
}
