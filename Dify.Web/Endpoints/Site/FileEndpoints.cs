using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workspaces;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Dify.Web.Endpoints;

/// <summary>
/// Uploads of the console's pages: <c>POST /api/files?name=…</c> with the bytes of one file as the body. Outside the
/// circuit, whose messages are small, and streamed, so that no file lies in memory.
/// </summary>
internal static class FileEndpoints
{
    /// <summary>A page of another site cannot send it without asking, and is not allowed to ask.</summary>
    public const string OwnPageHeader = "X-Dify-Upload";

    public static void MapFiles(this RouteGroupBuilder site) => site.MapPost("/files", UploadAsync).RequireAuthorization();

    /// <exception cref="DifyException">403 when the request may come from a page of another site.</exception>
    internal static void RequireOwnPage(HttpContext context)
    {
        if (!context.Request.Headers.ContainsKey(OwnPageHeader))
        {
            throw DifyException.Forbidden("Files are taken from the pages of this site only.");
        }
    }

    private static async Task<IResult> UploadAsync(
        HttpContext context, string? name, FileService files, IOptions<UploadLimits> limits, CancellationToken cancellationToken)
    {
        RequireOwnPage(context);
        var actor = await context.GetActorAsync();
        actor.Require(Permission.UseKnowledgeBases);
        if (string.IsNullOrWhiteSpace(name))
        {
            throw DifyException.Invalid("The file has no name.");
        }

        UploadForm.RequireDocumentType(name);
        if (context.Request.ContentLength is 0)
        {
            throw DifyException.Invalid("The file is empty.");
        }

        // The service counts the bytes and names the limit; the server's own limit would cut the connection.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = null;
        }

        var file = await files.SaveAsync(
            actor.WorkspaceId, name, context.Request.ContentType, context.Request.Body, limits.Value.FileSizeBytes,
            actor.AccountId, null, cancellationToken);
        return Results.Json(
            new { file.Id, file.Name, file.Size, file.Extension }, JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
    }
}
