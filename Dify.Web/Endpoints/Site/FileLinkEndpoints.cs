using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workflows.Files;

namespace Dify.Web.Endpoints;

/// <summary><c>/files/…</c>: what signed links lead to. The signature is the right to read; nobody signs in here.</summary>
internal static class FileLinkEndpoints
{
    public static void MapFileLinks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/files/{fileId:guid}/file-preview", OpenAsync);
        routes.MapGet("/files/tools/{name}", OpenProducedAsync);
    }

    private static async Task<IResult> OpenAsync(HttpContext http, Guid fileId, FileService files, FileLinks links)
    {
        var query = http.Request.Query;
        if (!links.IsValid(fileId, query["timestamp"], query["nonce"], query["sign"]))
        {
            throw new DifyException(ErrorCodes.FileAccessDenied, "The link to this file is wrong or too old. Open the page that showed it again.", 403);
        }

        var file = await files.GetSignedAsync(fileId, http.RequestAborted);
        return await FileAnswer.MakeAsync(http, file, files, FileAnswer.WantsAttachment(http.Request));
    }

    private static Task<IResult> OpenProducedAsync(HttpContext http, string name, FileService files, FileLinks links) =>
        Guid.TryParse(name.Split('.')[0], out var id)
            ? OpenAsync(http, id, files, links)
            : throw new DifyException(ErrorCodes.FileNotFound, "There is no such file.", 404);
}
