using Dify.Core.Common;

namespace Dify.Core.Files.Disk;

/// <summary>Blobs below <c>files</c> in the data folder. A put writes beside the target and renames, so it is atomic.</summary>
internal sealed class DiskBlobStore : IBlobStore
{
    private readonly string _root;
    private readonly string _incoming;

    public DiskBlobStore(DataFolder folder)
    {
        _root = Path.GetDirectoryName(folder.PathOf("files", "x"))!;
        _incoming = Path.GetDirectoryName(folder.PathOf("files", ".incoming", "x"))!;
    }

    public async Task PutAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        var target = PathOf(key);
        var temporary = Path.Combine(_incoming, Guid.CreateVersion7().ToString("N"));
        try
        {
            await using (var file = new FileStream(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 81920, FileOptions.Asynchronous))
            {
                await content.CopyToAsync(file, cancellationToken);
                await file.FlushAsync(cancellationToken);
                file.Flush(flushToDisk: true);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(temporary, target, overwrite: true);
        }
        catch (IOException failure) when (StorageFull.Is(failure))
        {
            throw StorageFull.ToDifyException(failure);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task<Stream> OpenAsync(string key, CancellationToken cancellationToken = default)
    {
        try
        {
            return Task.FromResult<Stream>(new FileStream(
                PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 81920, FileOptions.Asynchronous));
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new FileNotFoundException("No such blob.", exception);
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        var path = PathOf(key);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    /// <summary>Keys are made by the program of letters, digits, hyphens and slashes; anything else is a mistake and refused.</summary>
    private string PathOf(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key[0] == '/' || key[^1] == '/' || key.Contains("//", StringComparison.Ordinal)
            || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '/'))
        {
            throw new ArgumentException("Not a blob key.", nameof(key));
        }

        return Path.Combine(_root, key.Replace('/', Path.DirectorySeparatorChar));
    }
}
