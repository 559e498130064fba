using Dify.Core.Common;
using Dify.Core.Files;
using Microsoft.AspNetCore.Http.Features;

namespace Dify.Web.Endpoints;

/// <summary><c>POST /v1/files/upload</c>: a file that an end user may name in a later message.</summary>
internal static class FileUploadEndpoints
{
    private const long Megabyte = 1024 * 1024;
    private const long LargestForm = 101 * Megabyte;

    public static void MapFileUpload(this RouteGroupBuilder service) =>
        service.MapPost("/files/upload", UploadAsync).RequireAppKey();

    private static async Task<IResult> UploadAsync(HttpContext http, FileService files)
    {
        var form = await ReadFormAsync(http);
        var file = form.Files.Count switch
        {
            0 => throw new DifyException(ErrorCodes.NoFileUploaded, "Please upload your file."),
            1 when form.Files[0].Name == "file" => form.Files[0],
            1 => throw new DifyException(ErrorCodes.NoFileUploaded, "Please upload your file in the field 'file'."),
            _ => throw new DifyException(ErrorCodes.TooManyFiles, "Only one file is allowed."),
        };
        var name = file.FileName;
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new DifyException("filename_not_exists_error", "The specified filename does not exist.");
        }

        if (name.AsSpan().ContainsAny('/', '\\', '\0') || name.Length > 255)
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
            http.CallerApp().WorkspaceId, name, file.ContentType, content, LimitOf(file.ContentType),
            null, user.Id, http.RequestAborted);
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
                SourceUrl = (string?)null,
                OriginalUrl = (string?)null,
                UserId = (string?)null,
                TenantId = saved.WorkspaceId,
                ConversationId = (string?)null,
                FileKey = (string?)null,
            },
            JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IFormCollection> ReadFormAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            throw new DifyException(ErrorCodes.NoFileUploaded, "Please upload your file as multipart/form-data.");
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestForm;
        }

        try
        {
            return await http.Request.ReadFormAsync(
                new FormOptions { MultipartBodyLengthLimit = LargestForm, ValueCountLimit = 16 }, http.RequestAborted);
        }
        catch (InvalidDataException)
        {
            throw DifyException.Invalid("The form is broken or too large.");
        }
    }

    private static long LimitOf(string mimeType) => Megabyte * mimeType[..Math.Max(0, mimeType.IndexOf('/', StringComparison.Ordinal))] switch
    {
        "image" => 10,
        "audio" => 50,
        "video" => 100,
        _ => 15,
    };
}
