namespace Dify.Core.Files;

/// <summary>Bytes by key. A put is atomic: a reader sees the whole object or none.</summary>
public interface IBlobStore
{
    Task PutAsync(string key, Stream content, CancellationToken cancellationToken = default);

    /// <exception cref="FileNotFoundException">No such key.</exception>
    Task<Stream> OpenAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Deleting what is not there is no error.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken = default);
}
