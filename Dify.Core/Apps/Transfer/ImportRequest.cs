namespace Dify.Core.Apps.Transfer;

/// <summary>An app file to import, and what goes before what it says.</summary>
/// <param name="Mode"><c>yaml-content</c> or <c>yaml-url</c>.</param>
/// <param name="YamlContent">The text of the file.</param>
/// <param name="YamlUrl">Where the file lies; addresses of files on GitHub are led to the file itself.</param>
public sealed record ImportRequest(string Mode, string? YamlContent = null, string? YamlUrl = null)
{
    public const string FromContent = "yaml-content";
    public const string FromUrl = "yaml-url";

    public ImportWishes Wishes { get; init; } = new();
}
