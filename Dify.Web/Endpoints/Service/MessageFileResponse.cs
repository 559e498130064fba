using System.Text.Json.Nodes;
using Dify.Core.Workflows.Files;

namespace Dify.Web.Endpoints;

/// <summary>A file of a message, with a link that is good for a while.</summary>
internal sealed record MessageFileResponse(
    string? Id, string? Filename, string? Type, string? Url, string? MimeType, long? Size, string? TransferMethod,
    string BelongsTo, string? UploadFileId)
{
    public static MessageFileResponse From(JsonObject file, FileLinks links)
    {
        var id = file["related_id"]?.ToString();
        return new MessageFileResponse(
            id, file["filename"]?.ToString(), file["type"]?.ToString(), links.Refresh(file), file["mime_type"]?.ToString(),
            (long?)file["size"], file["transfer_method"]?.ToString(), "user", id);
    }
}
