using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Knowledge;
using Dify.Core.Workflows.Files;
using Dify.Core.Workspaces;
using Microsoft.Extensions.Options;

namespace Dify.Web.Endpoints;

/// <summary><c>/console/api/files</c> and <c>/console/api/remote-files</c>: files that a member sends, for knowledge or for a run.</summary>
internal static class ConsoleFileEndpoints
{
    private const int ImageBatch = 10;
    private const int AttachmentImageMegabytes = 2;

    public static void MapConsoleFiles(this RouteGroupBuilder console)
    {
        console.MapGet("/files/upload", (IOptions<UploadLimits> limits) => Results.Json(Limits(limits.Value), JsonDefaults.Wire));
        console.MapPost("/files/upload", (Delegate)UploadAsync);
        console.MapGet("/files/support-type", () => Results.Json(new { AllowedExtensions = DocumentTypes.Extensions.Order() }, JsonDefaults.Wire));
        console.MapGet("/remote-files/{**address}", LookAsync);
        console.MapPost("/remote-files/upload", FetchAsync);
    }

    private static object Limits(UploadLimits limits) => new
    {
        FileSizeLimit = limits.FileSizeMegabytes,
        BatchCountLimit = limits.BatchCount,
        FileUploadLimit = limits.BatchCount,
        ImageFileSizeLimit = limits.ImageSizeMegabytes,
        VideoFileSizeLimit = limits.VideoSizeMegabytes,
        AudioFileSizeLimit = limits.AudioSizeMegabytes,
        WorkflowFileUploadLimit = limits.WorkflowFileCount,
        ImageFileBatchLimit = ImageBatch,
        SingleChunkAttachmentLimit = ImageBatch,
        AttachmentImageFileSizeLimit = AttachmentImageMegabytes,
    };

    private static async Task<IResult> UploadAsync(HttpContext http, FileLinks links, IOptions<UploadLimits> limits)
    {
        var actor = await http.GetActorAsync();
        actor.Require(Permission.UsePublishedApps);
        var form = await http.ReadUploadAsync(limits.Value.LargestBytes);
        var forKnowledge = form["source"] == "datasets";
        if (forKnowledge)
        {
            actor.Require(Permission.UseKnowledgeBases);
        }

        var file = await http.SaveUploadAsync(actor, form, documentsOnly: forKnowledge);
        return Answer(file, links);
    }

    private static async Task<IResult> LookAsync(HttpContext http, string address, RemoteUploads remote)
    {
        (await http.GetActorAsync()).Require(Permission.UsePublishedApps);
        var (type, size) = await remote.LookAsync(Whole(address) + http.Request.QueryString, http.RequestAborted);
        return Results.Json(new { FileType = type, FileLength = size }, JsonDefaults.Wire);
    }

    private static async Task<IResult> FetchAsync(HttpContext http, RemoteUploads remote, FileLinks links)
    {
        var actor = await http.GetActorAsync();
        actor.Require(Permission.UsePublishedApps);
        var body = await http.Request.ReadAsync<RemoteFileRequest>();
        var owner = new FileOwner(actor.WorkspaceId, actor.AccountId, null);
        var file = await remote.SaveAsync(owner, body.Url ?? throw DifyException.Invalid("url is required."), http.RequestAborted);
        return Answer(file, links);
    }

    /// <summary>Slashes in a path may come encoded, and servers fold two into one.</summary>
    private static string Whole(string address)
    {
        var plain = address.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return plain.Contains("://", StringComparison.Ordinal) ? plain : plain.Replace(":/", "://", StringComparison.Ordinal);
    }

    private static IResult Answer(UploadedFile file, FileLinks links)
    {
        var url = links.ToUpload(file.Id);
        return Results.Json(
            new
            {
                file.Id,
                file.Name,
                file.Size,
                file.Extension,
                file.MimeType,
                CreatedBy = file.AccountId,
                CreatedAt = file.CreatedAt.ToUnixTimeSeconds(),
                PreviewUrl = (string?)null,
                SourceUrl = url,
                Url = url,
            },
            JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
    }

    private sealed record RemoteFileRequest(string? Url);
}
