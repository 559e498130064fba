using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Knowledge;
using Dify.Core.Workspaces;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Dify.Web.Endpoints;

/// <summary>A form with one file in the field <c>file</c>, as Dify's uploads send it.</summary>
internal static class UploadForm
{
    private const long RoomForFields = 1024 * 1024;

    /// <param name="largest">Bytes of the file; null: those of a document.</param>
    public static async Task<IFormCollection> ReadUploadAsync(this HttpContext http, long? largest = null)
    {
        if (!http.Request.HasFormContentType)
        {
            throw new DifyException(ErrorCodes.NoFileUploaded, "Please upload your file as multipart/form-data.");
        }

        var limit = (largest ?? http.RequestServices.GetRequiredService<IOptions<UploadLimits>>().Value.FileSizeBytes) + RoomForFields;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        try
        {
            return await http.Request.ReadFormAsync(
                new FormOptions
                {
                    MultipartBodyLengthLimit = limit,
                    MultipartBoundaryLengthLimit = 128,
                    MultipartHeadersCountLimit = 16,
                    MultipartHeadersLengthLimit = 16 * 1024,
                    ValueCountLimit = 32,
                    KeyLengthLimit = 1024,
                    ValueLengthLimit = 1024 * 1024,
                },
                http.RequestAborted);
        }
        catch (InvalidDataException exception)
        {
            throw exception.Message.Contains("body length limit", StringComparison.OrdinalIgnoreCase)
                ? new DifyException(ErrorCodes.FileTooLarge, "The file is larger than allowed. Split it, or send a smaller one.", 413)
                : Broken();
        }
        catch (IOException failure) when (failure is not BadHttpRequestException && !StorageFull.Is(failure) && !http.RequestAborted.IsCancellationRequested)
        {
            // The form ends before its last boundary.
            throw Broken();
        }
    }

    private static DifyException Broken() =>
        DifyException.Invalid("The form is broken. Send multipart/form-data with the file in the field 'file'.");

    /// <summary>Saves the form's one file for the actor.</summary>
    /// <param name="documentsOnly">Whether only types that knowledge bases read are taken.</param>
    public static async Task<UploadedFile> SaveUploadAsync(this HttpContext http, Actor actor, IFormCollection form, bool documentsOnly)
    {
        var file = form.TheFile();
        if (documentsOnly)
        {
            RequireDocumentType(file.FileName);
        }

        await using var content = file.OpenReadStream();
        return await http.RequestServices.GetRequiredService<FileService>().SaveAsync(
            actor.WorkspaceId, file.FileName, file.ContentType, content, LimitOf(http, file, documentsOnly), actor.AccountId, null, http.RequestAborted);
    }

    /// <summary>The form's one file, which must be in the field <c>file</c> and have a name.</summary>
    public static IFormFile TheFile(this IFormCollection form)
    {
        var file = form.Files.Count switch
        {
            0 => throw new DifyException(ErrorCodes.NoFileUploaded, "Please upload your file."),
            1 when form.Files[0].Name == "file" => form.Files[0],
            1 => throw new DifyException(ErrorCodes.NoFileUploaded, "Please upload your file in the field 'file'."),
            _ => throw new DifyException(ErrorCodes.TooManyFiles, "Only one file is allowed."),
        };
        return string.IsNullOrWhiteSpace(file.FileName)
            ? throw new DifyException(ErrorCodes.FilenameNotExists, "The specified filename does not exist.")
            : file;
    }

    /// <summary>Bytes that the file may have by its kind.</summary>
    public static long LimitOf(HttpContext http, IFormFile file, bool documentsOnly = false)
    {
        var limits = http.RequestServices.GetRequiredService<IOptions<UploadLimits>>().Value;
        return documentsOnly ? limits.FileSizeBytes
            : limits.BytesFor(FileKinds.Of(FileNames.ExtensionOf(FileNames.Clean(file.FileName)), file.ContentType));
    }

    /// <exception cref="DifyException">415 for a type that knowledge bases do not read.</exception>
    public static void RequireDocumentType(string fileName)
    {
        var extension = FileNames.ExtensionOf(FileNames.Clean(fileName));
        if (!DocumentTypes.Extensions.Contains(extension))
        {
            throw new DifyException(
                ErrorCodes.UnsupportedFileType,
                $"Files of type '{extension}' cannot be read. Send one of: {string.Join(", ", DocumentTypes.Extensions.Order())}.", 415);
        }
    }
}
