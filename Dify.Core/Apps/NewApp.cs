namespace Dify.Core.Apps;

/// <summary>What a person says of an app when making, editing or duplicating it.</summary>
public sealed record NewApp(string Name, AppMode Mode = AppMode.Chat)
{
    public string Description { get; init; } = "";

    public string Icon { get; init; } = "🤖";

    public string IconBackground { get; init; } = "#FFEAD5";
}
