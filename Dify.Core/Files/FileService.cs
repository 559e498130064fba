namespace Dify.Core.Files;

/// <summary>Stores and reads uploaded files. Rights are checked by the caller, which knows what the file is for.</summary>
public sealed class FileService
{
    /// <summary>Streams the content to the blob store while counting and hashing, then writes the row.</summary>
    /// <param name="maxBytes">The file's limit; one byte more is 413 <c>file_too_large</c> and leaves nothing.</param>
    public Task<UploadedFile> SaveAsync(
        Guid workspaceId, string name, string? mimeType, Stream content, long maxBytes,
        Guid? accountId, Guid? endUserId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <exception cref="Common.DifyException">404 <c>file_not_found</c>, also for another workspace's file.</exception>
    public Task<UploadedFile> GetAsync(Guid workspaceId, Guid fileId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<Stream> OpenAsync(UploadedFile file, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
