using Dify.Core.Apps;
using Dify.Core.Apps.Transfer;
using Dify.Core.Common;
using Dify.Core.Files;
using Microsoft.AspNetCore.Mvc;

namespace Dify.Web.Endpoints;

/// <summary>
/// App files of the Studio: <c>POST /api/app-imports</c> with the bytes of one file as the body, and
/// <c>GET /api/apps/{id}/export</c> as a download. Outside the circuit, whose messages are small.
/// </summary>
internal static class AppFileEndpoints
{
    public static void MapAppFiles(this RouteGroupBuilder site)
    {
        site.MapPost("/app-imports", ImportAsync).RequireAuthorization()
            .WithMetadata(new RequestSizeLimitAttribute(AppFileSource.LargestFile + 1024L));
        site.MapGet("/apps/{appId}/export", ExportAsync).RequireAuthorization();
    }

    private static async Task<IResult> ImportAsync(HttpContext context, AppImportService imports)
    {
        if (!context.Request.Headers.ContainsKey(FileEndpoints.OwnPageHeader))
        {
            throw DifyException.Forbidden("Files are taken from the pages of this site only.");
        }

        var stop = context.RequestAborted;
        var actor = await context.GetActorAsync();
        actor.Require(Core.Workspaces.Permission.EditApps);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, stop);
        var wishes = new ImportWishes { AppId = Guid.TryParse(context.Request.Query["app_id"], out var target) ? target : null };
        var result = TryDecode(body, out var text, out var problem)
            ? await imports.ImportAsync(actor, new ImportRequest(ImportRequest.FromContent, text) { Wishes = wishes }, stop)
            : new ImportResult(Guid.CreateVersion7(), ImportStatus.Failed, Error: problem);
        return Results.Json(AppImportResponse.From(result), JsonDefaults.Wire);
    }

    private static bool TryDecode(MemoryStream body, out string text, out string problem)
    {
        (text, problem) = ("", "");
        try
        {
            text = AppFileSource.Decode(body.GetBuffer().AsMemory(0, (int)body.Length));
            return true;
        }
        catch (DifyException refusal)
        {
            problem = refusal.Message;
            return false;
        }
    }

    private static async Task<IResult> ExportAsync(
        HttpContext context, string appId, AppService apps, AppExportService exports, CancellationToken cancellationToken)
    {
        var actor = await context.GetActorAsync();
        var id = AppEndpoints.ReadAppId(appId);
        var app = await apps.GetAsync(actor, id, cancellationToken);
        var version = Guid.TryParse(context.Request.Query["version"], out var chosen) ? chosen : (Guid?)null;
        var yaml = await exports.ExportAsync(
            actor, id, context.Request.Query["include_secret"] == "true", version, cancellationToken);
        return Results.File(System.Text.Encoding.UTF8.GetBytes(yaml), "application/yaml; charset=utf-8", FileNames.Clean(app.Name + ".yml"));
    }
}
