using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using Dify.Core.Egress;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

/// <summary>Sends prepared requests through the egress guard, within limits of time and size.</summary>
internal sealed class HttpCaller(IHttpClientFactory clients, IOptions<HttpNodeOptions> options, TimeProvider time)
{
    private readonly HttpNodeOptions _options = options.Value;

    public async Task<HttpAnswer> CallAsync(PreparedRequest request, HttpRequestSettings settings, CancellationToken stop)
    {
        var connect = Limit(settings.Timeout.Connect, _options.ConnectSeconds);
        var read = Limit(settings.Timeout.Read, _options.ReadSeconds);
        var write = Limit(settings.Timeout.Write, _options.WriteSeconds);
        var largest = Math.Max(_options.MaxBinaryBytes, _options.MaxTextBytes);
        using var message = request.ToMessage().WithMaxBytes(long.MaxValue).WithConnectLimit(connect);
        using var silence = new CancellationTokenSource(connect + read + (message.Content is null ? TimeSpan.Zero : write), time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, silence.Token);
        try
        {
            var verifies = settings.VerifiesCertificates ?? _options.VerifyCertificates;
            using var client = clients.CreateClient(verifies ? EgressClients.Requests : EgressClients.UnverifiedRequests);
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ending.Token);
            var bytes = await ReadAsync(response, largest, () => silence.CancelAfter(read), ending.Token);
            return Check(ToAnswer(response, bytes), bytes.Length > largest ? response.Content.Headers.ContentLength : bytes.Length);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw HttpErrors.Request($"Request to {request.Address.Host} timed out. Check the address, or allow more time in the node.");
        }
        catch (EgressBlockedException blocked)
        {
            throw HttpErrors.Request(blocked.Message, blocked.Code);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException or TimeoutException)
        {
            throw failure.GetBaseException() is EgressBlockedException blocked
                ? HttpErrors.Request(blocked.Message, blocked.Code)
                : HttpErrors.Request(Explain(failure, request.Address));
        }
    }

    /// <summary>At most one byte more than the limit, which shows that there are more.</summary>
    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, long limit, Action onBytes, CancellationToken stop)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        while (bytes.Length <= limit)
        {
            onBytes();
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit + 1 - bytes.Length)), stop);
            if (read == 0)
            {
                break;
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    private HttpAnswer Check(HttpAnswer answer, long? size)
    {
        var isFile = answer.IsFile;
        var limit = isFile ? _options.MaxBinaryBytes : _options.MaxTextBytes;
        return answer.Bytes.Length <= limit
            ? answer
            : throw HttpErrors.Size(isFile, limit, HttpAnswer.Readable(size ?? answer.Bytes.Length) + (size is null ? " or more" : ""));
    }

    private static HttpAnswer ToAnswer(HttpResponseMessage response, byte[] bytes)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            headers[name.ToLowerInvariant()] = string.Join(", ", values);
        }

        return new HttpAnswer
        {
            Status = (int)response.StatusCode,
            Headers = headers,
            Bytes = bytes,
            ContentType = headers["content-type"]?.ToString() ?? "",
            Disposition = response.Content.Headers.ContentDisposition,
        };
    }

    private static string Explain(Exception failure, Uri address) => failure.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            $"There is no host {address.Host}. Check the address.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            $"{address.Host} refuses connections on port {address.Port}. Check the address and whether the server runs.",
        TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut } =>
            $"Connection to {address.Host} timed out. Check the address, or allow more time in the node.",
        AuthenticationException => $"The certificate of {address.Host} is not trusted. Renew it, or switch off the check in the node.",
        _ => $"The request to {address.Host} failed: {failure.GetBaseException().Message}",
    };

    private static TimeSpan Limit(double? seconds, int most) => TimeSpan.FromSeconds(Math.Clamp(seconds ?? most, 0.001, most));
}
