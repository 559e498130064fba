using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Accounts;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Nodes;
using Dify.Core.Workspaces;

namespace Dify.Web.Endpoints;

/// <summary><c>/console/api/apps/{id}/workflows</c>: publishing and the history of versions.</summary>
internal static class WorkflowVersionEndpoints
{
    public static void MapWorkflowVersions(this RouteGroupBuilder console)
    {
        var workflows = console.MapGroup("/apps/{appId}/workflows");
        workflows.MapGet("", ListAsync);
        workflows.MapGet("/publish", GetPublishedAsync);
        workflows.MapPost("/publish", PublishAsync);
        workflows.MapGet("/default-workflow-block-configs", ListDefaults);
        workflows.MapGet("/default-workflow-block-configs/{type}", GetDefaults);
        workflows.MapPatch("/{versionId:guid}", RenameAsync);
        workflows.MapDelete("/{versionId:guid}", DeleteAsync);
        workflows.MapPost("/{versionId:guid}/restore", RestoreAsync);
    }

    private static async Task<IResult> ListAsync(
        ConsoleActor actor, string appId, HttpRequest request, WorkflowDraftService drafts, AccountNames names)
    {
        var query = request.Query;
        var (page, limit) = (ReadNumber(query["page"], "page", 1), ReadNumber(query["limit"], "limit", 10));
        var by = (string?)query["user_id"];
        if (!string.IsNullOrEmpty(by) && by != actor.Actor.AccountId.ToString())
        {
            throw DifyException.Forbidden("user_id: only your own versions can be asked for.");
        }

        var stop = request.HttpContext.RequestAborted;
        var found = await drafts.ListVersionsAsync(
            actor, AppEndpoints.ReadAppId(appId), page, limit, onlyMine: !string.IsNullOrEmpty(by),
            onlyNamed: string.Equals(query["named_only"], "true", StringComparison.OrdinalIgnoreCase), stop);
        var known = await names.FindAsync(found.Items.Select(version => version.CreatedBy), stop);
        return Results.Json(
            new
            {
                Items = found.Items.Select(version => WorkflowResponse.From(version, known.GetValueOrDefault(version.CreatedBy))),
                page,
                limit,
                found.HasMore,
            },
            JsonDefaults.Wire);
    }

    private static async Task<IResult> GetPublishedAsync(
        ConsoleActor actor, string appId, WorkflowDraftService drafts, AccountNames names, CancellationToken cancellationToken)
    {
        if (await drafts.FindPublishedAsync(actor, AppEndpoints.ReadAppId(appId), cancellationToken) is not { } version)
        {
            return Results.Json<object?>(null, JsonDefaults.Wire);
        }

        var known = await names.FindAsync([version.CreatedBy], cancellationToken);
        return Results.Json(WorkflowResponse.From(version, known.GetValueOrDefault(version.CreatedBy)), JsonDefaults.Wire);
    }

    private static async Task<IResult> PublishAsync(ConsoleActor actor, string appId, HttpRequest request, AppService apps)
    {
        var body = await request.ReadOrDefaultAsync<VersionRequest>();
        var app = await apps.PublishWorkflowAsync(
            actor, AppEndpoints.ReadAppId(appId), body.MarkedName ?? "", body.MarkedComment ?? "", request.HttpContext.RequestAborted);
        return Results.Json(new { Result = "success", CreatedAt = app.PublishedAt?.ToUnixTimeSeconds() }, JsonDefaults.Wire);
    }

    private static async Task<IResult> RenameAsync(
        ConsoleActor actor, string appId, Guid versionId, HttpRequest request, WorkflowDraftService drafts, AccountNames names)
    {
        var body = await request.ReadAsync<VersionRequest>();
        if (body.MarkedName is null && body.MarkedComment is null)
        {
            throw DifyException.Invalid("No valid fields to update");
        }

        var stop = request.HttpContext.RequestAborted;
        var version = await drafts.RenameVersionAsync(
            actor, AppEndpoints.ReadAppId(appId), versionId, body.MarkedName, body.MarkedComment, stop);
        var known = await names.FindAsync([version.CreatedBy], stop);
        return Results.Json(WorkflowResponse.From(version, known.GetValueOrDefault(version.CreatedBy)), JsonDefaults.Wire);
    }

    private static async Task<IResult> DeleteAsync(
        ConsoleActor actor, string appId, Guid versionId, WorkflowDraftService drafts, CancellationToken cancellationToken)
    {
        await drafts.DeleteVersionAsync(actor, AppEndpoints.ReadAppId(appId), versionId, cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> RestoreAsync(
        ConsoleActor actor, string appId, Guid versionId, WorkflowDraftService drafts, CancellationToken cancellationToken) =>
        Results.Json(
            SavedWorkflowResponse.From(await drafts.RestoreAsync(actor, AppEndpoints.ReadAppId(appId), versionId, cancellationToken)),
            JsonDefaults.Wire);

    private static IResult ListDefaults(ConsoleActor actor)
    {
        actor.Actor.Require(Permission.EditApps);
        return Results.Json(
            NodeCatalog.All.Where(node => node.Category != NodeCategory.Inner)
                .Select(node => new { node.Type, Config = node.CreateDefaults() }),
            JsonDefaults.Wire);
    }

    /// <summary><c>?q={"code_language": "javascript"}</c> gives the same in another language.</summary>
    private static IResult GetDefaults(ConsoleActor actor, string type, string? q)
    {
        actor.Actor.Require(Permission.EditApps);
        var node = NodeCatalog.Find(type) ?? throw DifyException.NotFound($"There is no node type '{type}'.");
        try
        {
            var wishes = string.IsNullOrEmpty(q) ? [] : JsonNode.Parse(q) as JsonObject ?? throw new JsonException();
            return Results.Json(new { node.Type, Config = node.CreateDefaults(wishes) }, JsonDefaults.Wire);
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException)
        {
            throw DifyException.Invalid("Invalid filters");
        }
    }

    private static int ReadNumber(string? text, string name, int otherwise) => string.IsNullOrEmpty(text)
        ? otherwise
        : int.TryParse(text, out var number) ? number : throw DifyException.Invalid($"{name}: not a number.");
}
