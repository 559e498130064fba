using System.Security.Claims;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workspaces;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Dify.Web.Endpoints;

/// <summary>
/// Files for the form of a run, sent by the pages as one body each: a builder's for a draft, a visitor's for a web app.
/// The run takes only what its own user sent.
/// </summary>
internal static class RunFileEndpoints
{
    public static void MapRunFiles(this RouteGroupBuilder site)
    {
        site.MapPost("/apps/{id:guid}/files", UploadForDraftAsync).RequireAuthorization();
        site.MapPost("/site/{code}/files", UploadForSiteAsync);
    }

    private static async Task<IResult> UploadForDraftAsync(
        Guid id, HttpContext context, string? name, AppService apps, FileService files, IOptions<UploadLimits> limits, CancellationToken cancellationToken)
    {
        var app = await apps.GetAsync(await context.GetActorAsync(), id, cancellationToken);
        var account = Guid.Parse(context.User.FindFirstValue(ClaimTypes.NameIdentifier)!);
        return await SaveAsync(context, app.WorkspaceId, name, account, null, files, limits.Value, cancellationToken);
    }

    private static async Task<IResult> UploadForSiteAsync(
        string code, HttpContext context, string? name, AppService apps, ConversationService visitors, FileService files,
        IOptions<UploadLimits> limits, CancellationToken cancellationToken)
    {
        if (await apps.FindSiteAsync(code, cancellationToken) is not { } app)
        {
            throw DifyException.NotFound("There is no such web app.");
        }

        var session = SiteVisitors.SessionOf(context.User) ?? throw DifyException.Forbidden("Open the web app first: files belong to its visitors.");
        var visitor = await visitors.GetEndUserAsync(app.WorkspaceId, app.Id, "browser", session, cancellationToken);
        return await SaveAsync(context, app.WorkspaceId, name, null, visitor.Id, files, limits.Value, cancellationToken);
    }

    private static async Task<IResult> SaveAsync(
        HttpContext context, Guid workspaceId, string? name, Guid? accountId, Guid? endUserId, FileService files, UploadLimits limits,
        CancellationToken cancellationToken)
    {
        FileEndpoints.RequireOwnPage(context);
        if (string.IsNullOrWhiteSpace(name))
        {
            throw DifyException.Invalid("The file has no name.");
        }

        if (context.Request.ContentLength is 0)
        {
            throw DifyException.Invalid("The file is empty.");
        }

        // The service counts the bytes and names the limit; the server's own limit would cut the connection.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = null;
        }

        var kind = FileKinds.Of(Path.GetExtension(name).ToLowerInvariant(), context.Request.ContentType);
        var file = await files.SaveAsync(
            workspaceId, name, context.Request.ContentType, context.Request.Body, limits.BytesFor(kind), accountId, endUserId, cancellationToken);
        return Results.Json(
            new { file.Id, file.Name, file.Size, file.Extension }, JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
    }
}
