using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Files;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Inputs;

/// <summary>
/// Turns <c>{type, transfer_method, upload_file_id | url}</c> of the API into file values: uploads must be the caller's
/// own, addresses are looked at through the egress guard, and all must keep the rules.
/// </summary>
internal sealed class FileMapper(FileService files, FileValueBuilder values, RemoteFiles remote, IOptions<UploadLimits> limits)
{
    private const int MostFiles = 100;

    public async Task<JsonArray> MapAsync(FileOwner owner, JsonArray mappings, FileRules rules, CancellationToken cancellationToken)
    {
        var most = Math.Min(rules.MaxCount ?? MostFiles, MostFiles);
        if (mappings.Count > most)
        {
            throw DifyException.Invalid($"Number of files exceeds the maximum limit {most}");
        }

        var wanted = mappings.Select(mapping => Read(mapping as JsonObject)).ToList();
        var stored = await files.FindManyAsync(
            owner.WorkspaceId, [.. wanted.Where(file => file.StoredId is not null).Select(file => file.StoredId!.Value).Distinct()], cancellationToken);
        var mapped = new JsonArray();
        foreach (var file in wanted)
        {
            mapped.Add(file.StoredId is { } id
                ? MapStored(file, stored.GetValueOrDefault(id) is { } found && owner.Owns(found) ? found : throw NotFound(), rules)
                : await MapRemoteAsync(file, owner, rules, cancellationToken));
        }

        return mapped;
    }

    private static Wanted Read(JsonObject? mapping)
    {
        var method = mapping is null ? null : NodeData.Text(mapping, "transfer_method");
        var kind = mapping is null ? null : NodeData.Text(mapping, "type");
        if (kind is { Length: > 0 } && !FileKinds.All.Contains(kind))
        {
            throw DifyException.Invalid($"Invalid file type: use one of {string.Join(", ", FileKinds.All)}.");
        }

        switch (method)
        {
            case FileValueBuilder.LocalFile or FileValueBuilder.ToolFile:
                var id = NodeData.Text(mapping!, method == FileValueBuilder.LocalFile ? "upload_file_id" : "tool_file_id")
                    ?? NodeData.Text(mapping!, "related_id");
                return string.IsNullOrEmpty(id) ? throw DifyException.Invalid("Invalid upload file id")
                    : Guid.TryParse(id, out var parsed) ? new Wanted(method, kind, parsed, "")
                    : throw DifyException.Invalid("Invalid upload file id format");
            case FileValueBuilder.RemoteUrl:
                var address = Chosen(mapping!, "url") ?? Chosen(mapping!, "remote_url");
                return address is null ? throw DifyException.Invalid("Invalid file url") : new Wanted(method, kind, null, address);
            case null or "":
                throw DifyException.Invalid("transfer_method is required in file mapping");
            default:
                throw DifyException.Invalid("Invalid file transfer method: use local_file or remote_url.");
        }
    }

    private static string? Chosen(JsonObject mapping, string key) => NodeData.Text(mapping, key) is { Length: > 0 } text ? text : null;

    private JsonObject MapStored(Wanted wanted, UploadedFile file, FileRules rules)
    {
        if (wanted.Method == FileValueBuilder.ToolFile)
        {
            // What an assistant made may always be sent back to it.
            return values.OfProduced(file);
        }

        var kind = Check(wanted, file.Name, file.Extension, file.MimeType, rules);
        return values.OfUpload(file, kind);
    }

    private async Task<JsonObject> MapRemoteAsync(Wanted wanted, FileOwner owner, FileRules rules, CancellationToken cancellationToken)
    {
        if (rules.Methods.Count > 0 && !rules.Methods.Contains(wanted.Method))
        {
            throw DifyException.Invalid("File validation failed: this app takes no addresses of files. Upload the file instead.");
        }

        var info = await remote.LookAsync(wanted.Address, cancellationToken);
        var kind = Check(wanted, info.Name, info.Extension, info.MimeType, rules);
        return info.Size > limits.Value.BytesFor(kind)
            ? throw new DifyException(
                ErrorCodes.FileTooLarge, $"The file at the address is larger than {limits.Value.BytesFor(kind) / (1024 * 1024)} MB.", 413)
            : FileValueBuilder.OfRemote(owner.WorkspaceId, info.Address, info.Name, info.Extension, info.MimeType, info.Size, kind);
    }

    private static string Check(Wanted wanted, string name, string extension, string mimeType, FileRules rules)
    {
        var found = FileKinds.Of(extension, mimeType);
        if (wanted.Kind is { Length: > 0 } said && said != FileKinds.Custom && said != found
            && (wanted.StoredId is not null || found != FileKinds.Custom))
        {
            throw DifyException.Invalid("Detected file type does not match the specified type. Please verify the file.");
        }

        // An address without an ending tells nothing, so the sender is believed about its kind; readers look for themselves.
        var kind = wanted.Kind is { Length: > 0 } ? wanted.Kind == FileKinds.Custom ? found : wanted.Kind : found;
        if (!rules.Allows(kind, extension, wanted.Method))
        {
            throw DifyException.Invalid($"File validation failed for file: {name}{Wants(rules)}");
        }

        return wanted.Kind == FileKinds.Custom && rules.Kinds.Contains(FileKinds.Custom) ? FileKinds.Custom : kind;
    }

    private static string Wants(FileRules rules)
    {
        var kinds = rules.Kinds.Where(kind => kind != FileKinds.Custom)
            .Concat(rules.Kinds.Count == 0 || rules.Kinds.Contains(FileKinds.Custom) ? rules.Extensions : []);
        return $". Allowed: {string.Join(", ", kinds)}; sent as {(rules.Methods.Count > 0 ? string.Join(" or ", rules.Methods) : "any")}.";
    }

    private static DifyException NotFound() => new(ErrorCodes.FileNotFound, "Invalid upload file: there is no such file of this user. Upload it again.", 404);

    private sealed record Wanted(string Method, string? Kind, Guid? StoredId, string Address);
}
