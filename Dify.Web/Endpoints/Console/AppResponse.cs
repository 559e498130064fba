using Dify.Core.Apps;
using Dify.Core.Common;

namespace Dify.Web.Endpoints;

/// <summary>What a program says of an app when making or changing it.</summary>
internal sealed record AppRequest
{
    public string? Name { get; init; }

    public string? Mode { get; init; }

    public string? Description { get; init; }

    public string? Icon { get; init; }

    public string? IconBackground { get; init; }

    public NewApp ToNewApp(AppMode mode) => new(Name ?? "", mode)
    {
        Description = Description ?? "",
        Icon = Icon ?? "",
        IconBackground = IconBackground ?? "",
    };
}

/// <summary>An app as the console API shows it; <c>model_config</c> is the draft.</summary>
internal sealed record AppResponse
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Mode { get; init; }

    public string IconType { get; } = "emoji";

    public required string Icon { get; init; }

    public required string IconBackground { get; init; }

    public string? IconUrl { get; }

    public required bool EnableSite { get; init; }

    public required bool EnableApi { get; init; }

    public required AppModelConfig? ModelConfig { get; init; }

    public required bool Published { get; init; }

    public required AppSiteResponse Site { get; init; }

    public IReadOnlyList<string> Tags { get; } = [];

    public required Guid CreatedBy { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    public static AppResponse From(App app, SiteUrls urls, bool showsConfig = true) => new()
    {
        Id = app.Id,
        Name = app.Name,
        Description = app.Description,
        Mode = app.Mode.ToWire(),
        Icon = app.Icon,
        IconBackground = app.IconBackground,
        EnableSite = app.SiteEnabled,
        EnableApi = app.ApiEnabled,
        ModelConfig = showsConfig ? app.Draft : null,
        Published = app.PublishedAt is not null,
        Site = new AppSiteResponse(app.SiteCode, app.SiteCode, urls.AppWeb),
        CreatedBy = app.CreatedBy,
        CreatedAt = app.CreatedAt.ToUnixTimeSeconds(),
        UpdatedAt = app.UpdatedAt.ToUnixTimeSeconds(),
    };
}

internal sealed record AppSiteResponse(string AccessToken, string Code, string AppBaseUrl);
