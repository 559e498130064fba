using System.Net;
using System.Net.Http.Headers;
using Dify.Core.Common;
using Dify.Core.Egress;
using Dify.Core.Files;

namespace Dify.Core.Workflows.Files;

/// <summary>Files that stay on another host: asked about once when they are named, and read when a node wants them.</summary>
internal sealed class RemoteFiles(IHttpClientFactory clients, TimeProvider time)
{
    private const int LongestAddress = 8_192;
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(60);

    /// <summary>What the host says of the file without sending it; what it does not say is guessed from the address.</summary>
    /// <exception cref="DifyException"><c>egress_blocked</c>, or <c>invalid_param</c> for what is no address.</exception>
    public async Task<RemoteFileInfo> LookAsync(string address, CancellationToken cancellationToken)
    {
        var uri = Parse(address);
        using var limit = new CancellationTokenSource(LookLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(EgressClients.Guarded);
            using var request = new HttpRequestMessage(HttpMethod.Head, uri);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return response.IsSuccessStatusCode
                ? Describe(uri, response.Content.Headers, response.Content.Headers.ContentLength ?? -1)
                : Describe(uri, null, -1);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The host may take no HEAD, or be slow just now: the node that reads the file will tell.
            return Describe(uri, null, -1);
        }
    }

    /// <exception cref="DifyException"><c>egress_blocked</c>, <c>file_not_found</c>, <c>file_too_large</c>, <c>invalid_param</c>.</exception>
    public async Task<FileContent> ReadAsync(string address, long maxBytes, CancellationToken cancellationToken)
    {
        var uri = Parse(address);
        using var limit = new CancellationTokenSource(ReadLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(EgressClients.Guarded);
            using var request = new HttpRequestMessage(HttpMethod.Get, uri).WithMaxBytes(maxBytes);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw Unreachable($"its host answers {(int)response.StatusCode}");
            }

            var bytes = await ReadLimitedAsync(response.Content, maxBytes, both.Token);
            var info = Describe(uri, response.Content.Headers, bytes.Length);
            return new FileContent(bytes, info.Name, info.Extension, info.MimeType);
        }
        catch (Exception failure) when (failure.GetBaseException() is EgressBlockedException { Rule: "size" })
        {
            throw TooLarge(maxBytes);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw Unreachable("its host cannot be reached");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable("its host takes too long");
        }
    }

    private static async Task<byte[]> ReadLimitedAsync(HttpContent content, long maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > maxBytes)
            {
                throw TooLarge(maxBytes);
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    private static RemoteFileInfo Describe(Uri uri, HttpContentHeaders? headers, long size)
    {
        var given = headers?.ContentDisposition?.FileNameStar ?? headers?.ContentDisposition?.FileName?.Trim('"');
        var name = FileNames.Clean(string.IsNullOrWhiteSpace(given) ? WebUtility.UrlDecode(uri.Segments[^1].TrimEnd('/')) : given);
        var extension = FileNames.ExtensionOf(name);
        var said = headers?.ContentType?.MediaType?.ToLowerInvariant();
        var mime = said is null or "application/octet-stream" ? FileNames.MimeTypeOf(extension, said) : FileNames.MimeTypeOf("", said);
        extension = extension.Length > 0 ? extension : FileNames.ExtensionOfMimeType(mime);
        return new RemoteFileInfo(uri.AbsoluteUri, name, extension, mime, size);
    }

    private static Uri Parse(string address) =>
        address.Length <= LongestAddress && Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri
            : throw DifyException.Invalid("Invalid file url: only http and https addresses are read.");

    private static DifyException TooLarge(long maxBytes) =>
        new(ErrorCodes.FileTooLarge, $"The file at the address is larger than the {maxBytes} bytes that can be read here.", 413);

    private static DifyException Unreachable(string why) =>
        new(ErrorCodes.FileNotFound, $"The file at the address cannot be read: {why}. Check the address.", 404);
}

/// <param name="Size">Bytes; −1 when the host does not say.</param>
internal sealed record RemoteFileInfo(string Address, string Name, string Extension, string MimeType, long Size);
