using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Files;

/// <summary>Stored files from the blob store, addresses from the network.</summary>
internal sealed class FileContents(FileService files, RemoteFiles remote) : IFileContents
{
    public async ValueTask<FileContent> ReadAsync(
        RunContext run, JsonObject file, long maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!FileValues.IsFile(file))
        {
            throw DifyException.Invalid("The value is not a file.");
        }

        if (NodeData.Text(file, "transfer_method") == FileValueBuilder.RemoteUrl
            && (NodeData.Text(file, "remote_url") ?? NodeData.Text(file, "url")) is { Length: > 0 } address)
        {
            return await remote.ReadAsync(address, maxBytes, cancellationToken);
        }

        var id = NodeData.Text(file, "related_id") ?? NodeData.Text(file, "upload_file_id");
        return Guid.TryParse(id, out var fileId)
            ? await ReadStoredAsync(FileOwner.Of(run), fileId, maxBytes, cancellationToken)
            : throw DifyException.Invalid("The file value names neither a stored file nor an address.");
    }

    private async Task<FileContent> ReadStoredAsync(FileOwner owner, Guid fileId, long maxBytes, CancellationToken cancellationToken)
    {
        var stored = await files.GetAsync(owner.WorkspaceId, fileId, cancellationToken);
        if (!owner.Owns(stored))
        {
            throw new DifyException(ErrorCodes.FileNotFound, "There is no such file. Upload it again.", 404);
        }

        if (stored.Size > maxBytes)
        {
            throw new DifyException(
                ErrorCodes.FileTooLarge, $"'{stored.Name}' is larger than the {maxBytes} bytes that can be read here.", 413);
        }

        await using var content = await files.OpenAsync(stored, cancellationToken);
        var bytes = new byte[stored.Size];
        var read = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return new FileContent(bytes.AsMemory(0, read), stored.Name, stored.Extension, stored.MimeType);
    }
}
