using Dify.Core.Apps.Transfer;
using Dify.Core.Common;
using Microsoft.AspNetCore.Mvc;

namespace Dify.Web.Endpoints;

/// <summary><c>/console/api/apps/imports</c> and <c>…/{id}/export</c>: app files in and out, with Dify's bodies.</summary>
internal static class AppTransferEndpoints
{
    /// <summary>Ten million characters of JSON text may take six bytes each.</summary>
    private const long LargestBody = 64 * 1024 * 1024;

    public static void MapAppTransfer(this RouteGroupBuilder console)
    {
        console.MapPost("/apps/imports", ImportAsync).WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        console.MapPost("/apps/imports/{importId}/confirm", ConfirmAsync);
        console.MapGet("/apps/imports/{appId}/check-dependencies", CheckDependenciesAsync);
        console.MapGet("/apps/{appId}/import-report", ReportAsync);
        console.MapGet("/apps/{appId}/export", ExportAsync);
    }

    private static async Task<IResult> ImportAsync(ConsoleActor actor, HttpRequest request, AppImportService imports)
    {
        var body = await request.ReadAsync<AppImportRequest>(LargestBody);
        return Answer(await imports.ImportAsync(actor, body.ToImport(), request.HttpContext.RequestAborted));
    }

    private static async Task<IResult> ConfirmAsync(
        ConsoleActor actor, string importId, AppImportService imports, CancellationToken cancellationToken) =>
        Answer(await imports.ConfirmAsync(actor, Guid.TryParse(importId, out var id) ? id : Guid.Empty, cancellationToken));

    private static async Task<IResult> CheckDependenciesAsync(
        ConsoleActor actor, string appId, AppImportService imports, CancellationToken cancellationToken) =>
        Results.Json(
            new { LeakedDependencies = await imports.CheckDependenciesAsync(actor, AppEndpoints.ReadAppId(appId), cancellationToken) },
            JsonDefaults.Wire);

    private static async Task<IResult> ReportAsync(
        ConsoleActor actor, string appId, AppImportService imports, CancellationToken cancellationToken) =>
        Results.Json(await imports.ReportAsync(actor, AppEndpoints.ReadAppId(appId), cancellationToken), JsonDefaults.Wire);

    private static async Task<IResult> ExportAsync(
        ConsoleActor actor, string appId, HttpRequest request, AppExportService exports)
    {
        var version = (string?)request.Query["workflow_id"] is { Length: > 0 } text
            ? Guid.TryParse(text, out var id) ? id : throw DifyException.NotFound("Workflow not found.")
            : (Guid?)null;
        var yaml = await exports.ExportAsync(
            actor, AppEndpoints.ReadAppId(appId), IsTrue(request.Query["include_secret"]), version, request.HttpContext.RequestAborted);
        return Results.Json(new { Data = yaml }, JsonDefaults.Wire);
    }

    private static IResult Answer(ImportResult result) => Results.Json(
        AppImportResponse.From(result), JsonDefaults.Wire, statusCode: result.Status switch
        {
            ImportStatus.Pending => StatusCodes.Status202Accepted,
            ImportStatus.Failed => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status200OK,
        });

    private static bool IsTrue(string? flag) => flag is "true" or "True" or "1";
}
