using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Workspaces;
using Microsoft.Extensions.Options;

namespace Dify.Web.Endpoints;

/// <summary><c>/console/api/apps</c>: the Studio for programs.</summary>
internal static class AppEndpoints
{
    public static void MapApps(this RouteGroupBuilder console)
    {
        console.MapGet("/apps", ListAsync);
        console.MapPost("/apps", CreateAsync);
        console.MapGet("/apps/{appId}", GetAsync);
        console.MapPut("/apps/{appId}", UpdateAsync);
        console.MapDelete("/apps/{appId}", DeleteAsync);
        console.MapPost("/apps/{appId}/copy", CopyAsync);
        console.MapPost("/apps/{appId}/model-config", SaveModelConfigAsync);
        console.MapPost("/apps/{appId}/site-enable", EnableSiteAsync);
        console.MapPost("/apps/{appId}/api-enable", EnableApiAsync);
    }

    /// <summary>An app of the path; text that is no id names no app.</summary>
    public static Guid ReadAppId(string appId) =>
        Guid.TryParse(appId, out var id) ? id : throw DifyException.NotFound("App not found.");

    private static async Task<IResult> ListAsync(
        ConsoleActor actor, HttpRequest request, AppService apps, IOptions<SiteUrls> urls)
    {
        var query = request.Query;
        var page = ReadNumber(query["page"], "page", 1);
        var limit = ReadNumber(query["limit"], "limit", 20);
        var mode = (string?)query["mode"] is { Length: > 0 } wanted and not "all" ? AppModes.Parse(wanted) : (AppMode?)null;
        var found = await apps.ListAsync(actor, page, limit, query["name"], mode, request.HttpContext.RequestAborted);
        var editor = actor.Actor.Can(Permission.EditApps);
        return Results.Json(
            new
            {
                page,
                limit,
                found.Total,
                found.HasMore,
                Data = found.Items.Select(app => AppResponse.From(app, urls.Value, showsConfig: editor)),
            },
            JsonDefaults.Wire);
    }

    private static async Task<IResult> CreateAsync(
        ConsoleActor actor, HttpRequest request, AppService apps, IOptions<SiteUrls> urls)
    {
        var body = await request.ReadAsync<AppRequest>();
        if (string.IsNullOrEmpty(body.Mode))
        {
            throw DifyException.Invalid("mode is required.");
        }

        var app = await apps.CreateAsync(actor, body.ToNewApp(AppModes.Parse(body.Mode)), request.HttpContext.RequestAborted);
        return Results.Json(AppResponse.From(app, urls.Value), JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(
        ConsoleActor actor, string appId, AppService apps, IOptions<SiteUrls> urls, CancellationToken cancellationToken) =>
        Results.Json(
            AppResponse.From(await apps.GetAsync(actor, ReadAppId(appId), cancellationToken), urls.Value), JsonDefaults.Wire);

    private static async Task<IResult> UpdateAsync(
        ConsoleActor actor, string appId, HttpRequest request, AppService apps, IOptions<SiteUrls> urls)
    {
        var body = await request.ReadAsync<AppRequest>();
        var app = await apps.UpdateInfoAsync(
            actor, ReadAppId(appId), body.ToNewApp(AppMode.Chat), request.HttpContext.RequestAborted);
        return Results.Json(AppResponse.From(app, urls.Value), JsonDefaults.Wire);
    }

    private static async Task<IResult> DeleteAsync(
        ConsoleActor actor, string appId, AppService apps, CancellationToken cancellationToken)
    {
        await apps.DeleteAsync(actor, ReadAppId(appId), cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> CopyAsync(
        ConsoleActor actor, string appId, HttpRequest request, AppService apps, IOptions<SiteUrls> urls)
    {
        var body = await request.ReadOrDefaultAsync<AppRequest>();
        var stop = request.HttpContext.RequestAborted;
        var original = await apps.GetAsync(actor, ReadAppId(appId), stop);
        var copy = await apps.DuplicateAsync(
            actor, original.Id,
            new NewApp(string.IsNullOrWhiteSpace(body.Name) ? NameOfCopy(original.Name) : body.Name)
            {
                Description = body.Description ?? original.Description,
                Icon = body.Icon ?? original.Icon,
                IconBackground = body.IconBackground ?? original.IconBackground,
            },
            stop);
        return Results.Json(AppResponse.From(copy, urls.Value), JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> SaveModelConfigAsync(
        ConsoleActor actor, string appId, HttpRequest request, AppService apps)
    {
        var body = await request.ReadAsync<JsonObject>();
        await apps.SaveAndPublishAsync(
            actor, ReadAppId(appId), ModelConfigJson.Read(body), request.HttpContext.RequestAborted);
        return Results.Json(ResultResponse.Success, JsonDefaults.Wire);
    }

    private static async Task<IResult> EnableSiteAsync(
        ConsoleActor actor, string appId, HttpRequest request, AppService apps, IOptions<SiteUrls> urls)
    {
        var enabled = (await request.ReadAsync<AccessRequest>()).EnableSite ?? throw DifyException.Invalid("enable_site is required.");
        var app = await apps.GetAsync(actor, ReadAppId(appId), request.HttpContext.RequestAborted);
        app = await apps.SetAccessAsync(actor, app.Id, enabled, app.ApiEnabled, request.HttpContext.RequestAborted);
        return Results.Json(AppResponse.From(app, urls.Value), JsonDefaults.Wire);
    }

    private static async Task<IResult> EnableApiAsync(
        ConsoleActor actor, string appId, HttpRequest request, AppService apps, IOptions<SiteUrls> urls)
    {
        var enabled = (await request.ReadAsync<AccessRequest>()).EnableApi ?? throw DifyException.Invalid("enable_api is required.");
        var app = await apps.GetAsync(actor, ReadAppId(appId), request.HttpContext.RequestAborted);
        app = await apps.SetAccessAsync(actor, app.Id, app.SiteEnabled, enabled, request.HttpContext.RequestAborted);
        return Results.Json(AppResponse.From(app, urls.Value), JsonDefaults.Wire);
    }

    private static string NameOfCopy(string name) => (name.Length <= 33 ? name : name[..33]) + " - Copy";

    private static int ReadNumber(string? text, string name, int otherwise) => string.IsNullOrEmpty(text)
        ? otherwise
        : int.TryParse(text, out var number) ? number : throw DifyException.Invalid($"{name}: not a number.");

    private sealed record AccessRequest
    {
        public bool? EnableSite { get; init; }

        public bool? EnableApi { get; init; }
    }
}
