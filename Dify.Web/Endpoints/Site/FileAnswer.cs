using System.Collections.Frozen;
using Dify.Core.Files;

namespace Dify.Web.Endpoints;

/// <summary>
/// The bytes of a stored file, for a browser that must not take them for a page of ours: only kinds that cannot hold
/// scripts are shown in place, everything else is a download, and nothing in it may run or ask for anything.
/// </summary>
internal static class FileAnswer
{
    private const string NoRights = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    private static readonly FrozenSet<string> ShownInPlace = FrozenSet.Create(
        "image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "audio/mp4", "audio/wav", "audio/amr", "video/mp4", "video/webm",
        "video/quicktime", "video/mpeg", "application/pdf", "text/plain");

    public static async Task<IResult> MakeAsync(HttpContext http, UploadedFile file, FileService files, bool asAttachment)
    {
        var content = await files.OpenAsync(file, http.RequestAborted);
        var shown = ShownInPlace.Contains(file.MimeType);
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = NoRights;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, max-age=300";
        headers["Cross-Origin-Resource-Policy"] = "same-site";

        // An image element draws an SVG whatever its disposition says, without its scripts.
        var type = shown || file.MimeType == "image/svg+xml" ? file.MimeType : "application/octet-stream";
        type = type == "text/plain" ? "text/plain; charset=utf-8" : type;
        return Results.Stream(content, type, asAttachment || !shown ? file.Name : null, enableRangeProcessing: true);
    }

    public static bool WantsAttachment(HttpRequest request) =>
        string.Equals(request.Query["as_attachment"], "true", StringComparison.OrdinalIgnoreCase) || request.Query["as_attachment"] == "1";
}
