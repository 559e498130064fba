using Dify.Core.Common;
using Dify.Core.Files;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Files;

/// <summary>Makes an upload of a file that lies at an address.</summary>
public sealed class RemoteUploads
{
    private readonly RemoteFiles _remote;
    private readonly FileService _files;
    private readonly UploadLimits _limits;

    internal RemoteUploads(RemoteFiles remote, FileService files, IOptions<UploadLimits> limits) =>
        (_remote, _files, _limits) = (remote, files, limits.Value);

    /// <summary>Type and size as the host tells them; −1 bytes when it does not.</summary>
    /// <exception cref="DifyException"><c>egress_blocked</c>, <c>invalid_param</c>.</exception>
    public async Task<(string MimeType, long Size)> LookAsync(string address, CancellationToken cancellationToken)
    {
        var info = await _remote.LookAsync(address, cancellationToken);
        return (info.MimeType, info.Size);
    }

    /// <summary>Fetches the file through the egress guard and keeps it, within the limit of its kind.</summary>
    /// <exception cref="DifyException">
    /// 413 <c>file_too_large</c>, 415 <c>unsupported_file_type</c>, 404 <c>file_not_found</c>, <c>egress_blocked</c>, <c>invalid_param</c>.
    /// </exception>
    public async Task<UploadedFile> SaveAsync(FileOwner owner, string address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var content = await _remote.ReadAsync(address, _limits.LargestBytes, cancellationToken);
        using var bytes = new MemoryStream(content.Bytes.ToArray(), writable: false);
        var hasEnding = FileNames.ExtensionOf(content.Name).Length > 0 || content.Extension.Length == 0;
        return await _files.SaveAsync(
            owner.WorkspaceId, hasEnding ? content.Name : $"{content.Name}.{content.Extension}", content.MimeType, bytes,
            _limits.BytesFor(FileKinds.Of(content.Extension, content.MimeType)), owner.AccountId, owner.EndUserId, cancellationToken);
    }
}
