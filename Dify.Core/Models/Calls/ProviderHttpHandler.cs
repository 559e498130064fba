using System.Text.Json;

namespace Dify.Core.Models.Calls;

/// <summary>
/// Sits under every provider's client, SDK or own, so that all failures look alike: a status that is no success becomes
/// a <see cref="ProviderCallException"/> with the provider's own words, and a connection that fails before anything was
/// answered is tried once more.
/// </summary>
internal sealed class ProviderHttpHandler(TimeProvider time) : DelegatingHandler
{
    private const int LongestErrorBody = 64 * 1024;

    private static readonly TimeSpan BackOff = TimeSpan.FromMilliseconds(250);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException failure) when (IsConnectionFailure(failure))
        {
            await Task.Delay(BackOff, time, cancellationToken);
            response = await base.SendAsync(request, cancellationToken);
        }

        return response.IsSuccessStatusCode ? response : throw await ReadFailureAsync(response, cancellationToken);
    }

    private static bool IsConnectionFailure(HttpRequestException failure) =>
        failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded
        && failure.GetBaseException() is not Common.DifyException;

    private async Task<ProviderCallException> ReadFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            return new ProviderCallException(ProviderFailure.Status, await ReadWordsAsync(response, cancellationToken))
            {
                Status = (int)response.StatusCode,
                RetryAfterSeconds = RetryAfter(response),
            };
        }
    }

    private int? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait is { } span && span > TimeSpan.Zero ? (int)Math.Ceiling(Math.Min(span.TotalSeconds, 86_400)) : null;
    }

    private static async Task<string> ReadWordsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[LongestErrorBody];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return ErrorText(buffer.AsMemory(0, length));
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return "";
        }
    }

    /// <summary>
    /// <c>{"error":{"message","code","type"}}</c> (OpenAI, Anthropic), <c>{"error":"…"}</c> (Ollama), <c>{"message":"…"}</c>;
    /// a page of HTML tells nothing.
    /// </summary>
    public static string ErrorText(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return "";
            }

            if (!root.TryGetProperty("error", out var error))
            {
                return Text(root, "message") ?? Text(root, "detail") ?? "";
            }

            return error.ValueKind switch
            {
                JsonValueKind.String => error.GetString()!,
                JsonValueKind.Object => string.Join(' ', new[] { Text(error, "message"), Text(error, "code") ?? Text(error, "type") }.Where(part => part is not null)),
                _ => "",
            };
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
