using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workflows.Files;
using Microsoft.Extensions.Options;

namespace Dify.Web.Endpoints;

/// <summary><c>/v1/files</c>: files that an end user may name in a later message or run.</summary>
internal static class FileUploadEndpoints
{
    public static void MapFileUpload(this RouteGroupBuilder service)
    {
        service.MapPost("/files/upload", UploadAsync).RequireAppKey();
        service.MapGet("/files/{fileId}/preview", PreviewAsync).RequireAppKey();
    }

    private static async Task<IResult> UploadAsync(HttpContext http, FileService files, FileLinks links, IOptions<UploadLimits> limits)
    {
        var form = await http.ReadUploadAsync(limits.Value.LargestBytes);
        var file = form.TheFile();
        if (file.FileName.AsSpan().ContainsAny('/', '\\', '\0') || file.FileName.Length > 255)
        {
            throw DifyException.Invalid("Filename contains invalid characters or is too long.");
        }

        if (string.IsNullOrEmpty(file.ContentType))
        {
            throw new DifyException(ErrorCodes.UnsupportedFileType, "The file says no type.", 415);
        }

        var user = await http.EndUserAsync(form["user"]);
        await using var content = file.OpenReadStream();
        var saved = await files.SaveAsync(
            http.CallerApp().WorkspaceId, file.FileName, file.ContentType, content, UploadForm.LimitOf(http, file), null, user.Id, http.RequestAborted);
        return Results.Json(
            new
            {
                saved.Id,
                Reference = (string?)null,
                saved.Name,
                saved.Size,
                saved.Extension,
                saved.MimeType,
                CreatedBy = user.Id,
                CreatedAt = saved.CreatedAt.ToUnixTimeSeconds(),
                PreviewUrl = (string?)null,
                SourceUrl = links.ToUpload(saved.Id),
                OriginalUrl = (string?)null,
                UserId = (string?)null,
                TenantId = saved.WorkspaceId,
                ConversationId = (string?)null,
                FileKey = (string?)null,
            },
            JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>Any file of the app's end users: whoever holds the app's key serves all of them.</summary>
    private static async Task<IResult> PreviewAsync(HttpContext http, string fileId, FileService files, ConversationService people)
    {
        var id = ChatCaller.ReadId(fileId, "file_id");
        var app = http.CallerApp();
        var file = await files.GetAsync(app.WorkspaceId, id, http.RequestAborted);
        if (file.EndUserId is not { } endUser || !await people.IsEndUserOfAsync(app.Id, endUser, http.RequestAborted))
        {
            throw new DifyException(ErrorCodes.FileAccessDenied, "Access to the requested file is denied: it is not a file of this app.", 403);
        }

        return await FileAnswer.MakeAsync(http, file, files, FileAnswer.WantsAttachment(http.Request));
    }
}
