using Dify.Core.Apps;
using Dify.Core.Apps.Transfer;
using Dify.Core.Common;

namespace Dify.Web.Endpoints;

/// <summary>Dify's body of an import.</summary>
internal sealed record AppImportRequest
{
    public string? Mode { get; init; }

    public string? YamlContent { get; init; }

    public string? YamlUrl { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? IconType { get; init; }

    public string? Icon { get; init; }

    public string? IconBackground { get; init; }

    public string? AppId { get; init; }

    public ImportRequest ToImport() => new(Mode ?? throw DifyException.Invalid("mode is required."), YamlContent, YamlUrl)
    {
        Wishes = new ImportWishes
        {
            Name = Name,
            Description = Description,
            IconType = IconType,
            Icon = Icon,
            IconBackground = IconBackground,
            AppId = string.IsNullOrEmpty(AppId) ? null : Guid.TryParse(AppId, out var id) ? id : Guid.Empty,
        },
    };
}

/// <summary>Dify's answer to an import, and what the app still needs.</summary>
internal sealed record AppImportResponse(
    Guid Id, string Status, Guid? AppId, string? AppMode, string CurrentDslVersion, string ImportedDslVersion, string Error, ImportReport? Report)
{
    public static AppImportResponse From(ImportResult result) => new(
        result.Id, result.Status.ToWire(), result.App?.Id, result.App?.Mode.ToWire(), ImportStatuses.CurrentVersion, result.ImportedVersion,
        result.Error, result.Report);
}
