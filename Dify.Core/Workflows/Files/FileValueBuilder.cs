using System.Text.Json.Nodes;
using Dify.Core.Files;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Files;

/// <summary>Makes the one shape that file values have in the pool, in outputs and on the wire.</summary>
public sealed class FileValueBuilder(FileLinks links)
{
    public const string LocalFile = "local_file";
    public const string RemoteUrl = "remote_url";
    public const string ToolFile = "tool_file";

    /// <summary>A file that the run's user sent.</summary>
    /// <param name="kind">A word of <see cref="FileKinds"/>; null: by extension and MIME type.</param>
    public JsonObject OfUpload(UploadedFile file, string? kind = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Of(file, LocalFile, kind, links.ToUpload(file.Id));
    }

    /// <summary>A file that a node made or fetched.</summary>
    public JsonObject OfProduced(UploadedFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Of(file, ToolFile, null, links.ToProduced(file.Id, file.Extension));
    }

    /// <summary>A file that stays where it is.</summary>
    /// <param name="extension">Without the dot.</param>
    /// <param name="size">Bytes; −1 when unknown.</param>
    public static JsonObject OfRemote(
        Guid workspaceId, string address, string name, string extension, string mimeType, long size, string? kind = null) => new()
        {
            [FileValues.MarkName] = FileValues.Mark,
            ["id"] = null,
            ["tenant_id"] = workspaceId.ToString(),
            ["type"] = kind ?? FileKinds.Of(extension, mimeType),
            ["transfer_method"] = RemoteUrl,
            ["remote_url"] = address,
            ["related_id"] = null,
            ["filename"] = name,
            ["extension"] = Dotted(extension),
            ["mime_type"] = mimeType,
            ["size"] = size,
            ["url"] = address,
        };

    private static JsonObject Of(UploadedFile file, string method, string? kind, string url) => new()
    {
        [FileValues.MarkName] = FileValues.Mark,
        ["id"] = null,
        ["tenant_id"] = file.WorkspaceId.ToString(),
        ["type"] = kind ?? FileKinds.Of(file.Extension, file.MimeType),
        ["transfer_method"] = method,
        ["remote_url"] = null,
        ["related_id"] = file.Id.ToString(),
        ["filename"] = file.Name,
        ["extension"] = Dotted(file.Extension),
        ["mime_type"] = file.MimeType,
        ["size"] = file.Size,
        ["url"] = url,
    };

    private static string Dotted(string extension) => extension.Length == 0 ? "" : "." + extension;
}
