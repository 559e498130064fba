using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Apps.Transfer.Upgrades;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Apps.Transfer;

/// <summary>Writes what a file says into the store.</summary>
internal sealed partial class FileImport(
    IDbContextFactory<DifyDbContext> contexts, WorkflowDraftService drafts, PublishedApps published, TimeProvider time)
{
    private const int LongestName = 255;
    private const int LongestDescription = 10_000;
    private const int LongestIcon = 64;
    private const int LargestExtras = 256 * 1024;
    private const string PlaceholderIcon = "🤖";
    private const string UsualBackground = "#FFFFFF";

    public async Task<(App App, IReadOnlyList<ReportedChange> Changes)> CreateAsync(
        Actor actor, AppFile file, ImportWishes wishes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var changes = new List<ReportedChange>();
        var content = file.HasWorkflow ? Content(actor, file, changes) : null;
        var extras = FileExtras.Collect(file);
        var config = content is null ? Config(file, extras) : new AppModelConfig();
        var app = new App
        {
            WorkspaceId = actor.WorkspaceId,
            Name = Name(wishes.Name ?? file.Text("name")) ?? "Untitled",
            Description = Description(wishes.Description ?? file.Text("description")) ?? "",
            Mode = BasicConfig.IsAgent(file.Mode, file.Body) ? AppMode.AgentChat : file.Mode,
            Icon = Icon(wishes.Icon ?? file.Text("icon"), wishes.IconType ?? file.Text("icon_type")),
            IconBackground = Background(wishes.IconBackground ?? file.Text("icon_background")) ?? UsualBackground,
            Draft = config,
            FileExtras = Bounded(extras),
            SiteCode = AppService.NewSiteCode(),
            CreatedBy = actor.AccountId,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(app);
        if (content is not null)
        {
            drafts.Stage(db, actor.WorkspaceId, app.Id, content, actor.AccountId);
        }

        await db.SaveChangesAsync(cancellationToken);
        return (app, changes);
    }

    /// <summary>Replaces draft and card; what end users get stays until somebody publishes.</summary>
    public async Task<(App App, IReadOnlyList<ReportedChange> Changes)> OverwriteAsync(
        Actor actor, App target, AppFile file, ImportWishes wishes, CancellationToken cancellationToken)
    {
        if (!file.HasWorkflow)
        {
            throw DifyException.Invalid("Only workflow or advanced chat apps can be overwritten");
        }

        var changes = new List<ReportedChange>();
        var content = Content(actor, file, changes);
        var extras = Bounded(FileExtras.Collect(file));

        // A file never carries secrets, so its empty ones must not wipe out those that were filled in here.
        var secrets = content.EnvironmentVariables
            .Select(v => v.IsSecret && v.Value?.ToString() is null or "" ? v with { Value = ContentSeal.Mask } : v);
        await drafts.SaveAsync(actor, target.Id, content with { EnvironmentVariables = [.. secrets] }, cancellationToken: cancellationToken);

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var app = await db.Apps.FirstOrDefaultAsync(a => a.Id == target.Id && a.WorkspaceId == actor.WorkspaceId, cancellationToken)
            ?? throw DifyException.NotFound("App not found");
        app.Name = Name(wishes.Name ?? file.Text("name")) ?? app.Name;
        app.Description = Description(wishes.Description ?? file.Text("description")) ?? app.Description;
        app.Icon = Icon(wishes.Icon ?? file.Text("icon"), wishes.IconType ?? file.Text("icon_type"));
        app.IconBackground = Background(wishes.IconBackground ?? file.Text("icon_background")) ?? app.IconBackground;
        app.FileExtras = extras;
        app.UpdatedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        published.Forget(app.Id);
        return (app, changes);
    }

    private static WorkflowContent Content(Actor actor, AppFile file, List<ReportedChange> changes)
    {
        var body = file.Body;
        var (graph, inGraph) = GraphUpgrade.Apply(Part(body, "graph"));
        var (features, inFeatures) = FileUploadFeature.Apply(Part(body, "features"));
        changes.AddRange(inGraph);
        changes.AddRange(inFeatures);
        CheckStarts(graph);
        DatasetIds.Change(graph, id => DatasetIds.Reveal(actor.WorkspaceId, id));
        return new WorkflowContent
        {
            Graph = graph,
            Features = features,
            EnvironmentVariables = FileVariables.Read(body["environment_variables"], "environment_variables"),
            ConversationVariables = FileVariables.Read(body["conversation_variables"], "conversation_variables"),
        };
    }

    private static AppModelConfig Config(AppFile file, JsonObject extras)
    {
        var (config, unreadable) = BasicConfig.Read(file.Body);
        ModelConfigRules.CheckDraft(config);
        if (unreadable.Count > 0)
        {
            extras["model_config"] = unreadable;
        }

        return config;
    }

    private static void CheckStarts(JsonObject graph)
    {
        var types = (graph["nodes"] as JsonArray ?? []).OfType<JsonObject>().Select(FileGraph.Type).ToHashSet();
        if (types.Contains("start") && types.Overlaps(["trigger-webhook", "trigger-schedule", "trigger-plugin"]))
        {
            throw DifyException.Invalid("Start node and trigger nodes cannot coexist in the same workflow");
        }
    }

    private static JsonObject Part(JsonObject body, string key) => body[key] switch
    {
        null => [],
        JsonObject part => part,
        _ => throw DifyException.Invalid($"workflow.{key}: an object is expected."),
    };

    private static JsonObject Bounded(JsonObject extras) => extras.ToJsonString().Length <= LargestExtras
        ? extras
        : throw DifyException.Invalid($"The file has more than {LargestExtras / 1024} KB of keys that no app file has.");

    private static string? Name(string? name) => Shorten(name, LongestName);

    private static string? Description(string? text) => Shorten(text, LongestDescription);

    private static string? Shorten(string? text, int most) => text?.Trim() switch
    {
        null or "" => null,
        var trimmed when trimmed.Length > most => trimmed[..most],
        var trimmed => trimmed,
    };

    /// <summary>An emoji; pictures of another installation are not there.</summary>
    private static string Icon(string? icon, string? type) =>
        type is "image" or "link" || icon?.Trim() is not { Length: > 0 and <= LongestIcon } emoji ? PlaceholderIcon : emoji;

    private static string? Background(string? colour) => colour is not null && Colour().IsMatch(colour.Trim()) ? colour.Trim() : null;

    [GeneratedRegex("^#[0-9A-Fa-f]{6}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Colour();
}
