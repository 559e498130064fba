using System.Text.Json.Nodes;

namespace Dify.Core.Apps;

/// <summary>An assistant that members build and end users reach by its web app or its API.</summary>
public sealed class App
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public required string Name { get; set; }

    public string Description { get; set; } = "";

    public AppMode Mode { get; init; }

    /// <summary>An emoji.</summary>
    public string Icon { get; set; } = "🤖";

    /// <summary>CSS colour, <c>#RRGGBB</c>.</summary>
    public string IconBackground { get; set; } = "#FFEAD5";

    /// <summary>What the builder edits; a Dify <c>model_config</c> object. Workflow apps have a <see cref="Workflows.Drafts.Workflow"/> instead.</summary>
    public required AppModelConfig Draft { get; set; }

    /// <summary>Grows by one with every saved draft; a save that names an older one is a conflict.</summary>
    public int DraftRevision { get; set; }

    /// <summary>What end users get, for a chatflow what is around its graph; null until first published, and for workflows.</summary>
    public AppModelConfig? Published { get; set; }

    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>
    /// What the app file that this app came from says beyond what is named here, so that an export says it again:
    /// <c>{file, app, workflow}</c> with the unknown keys of each. Null for apps made here.
    /// </summary>
    public JsonObject? FileExtras { get; set; }

    /// <summary>Path part of the web app, <c>/chat/{code}</c>; unguessable.</summary>
    public required string SiteCode { get; set; }

    public bool SiteEnabled { get; set; } = true;

    public bool ApiEnabled { get; set; } = true;

    public Guid CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }
}
