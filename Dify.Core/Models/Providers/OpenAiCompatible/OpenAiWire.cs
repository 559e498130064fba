using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dify.Core.Models.Calls;

namespace Dify.Core.Models.Providers.OpenAiCompatible;

/// <summary>The HTTP side of OpenAI's wire, shared by chat, embeddings and reranking.</summary>
internal sealed class OpenAiWire(HttpClient http, ProviderCredentials credentials)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Uri _chat = new(credentials.BaseAddress, "chat/completions");
    private readonly Uri _embeddings = new(credentials.BaseAddress, "embeddings");
    private readonly Uri _rerank = new(credentials.BaseAddress, "rerank");
    private readonly AuthenticationHeaderValue? _authorization =
        credentials["api_key"] is { Length: > 0 } key ? new AuthenticationHeaderValue("Bearer", key) : null;

    public async Task<HttpResponseMessage> PostChatAsync(ReadOnlyMemory<byte> body, bool stream, CancellationToken cancellationToken)
    {
        using var request = Post(_chat, body);
        return await http.SendAsync(
            request, stream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    public Task<T> PostEmbeddingsAsync<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        PostAsync(_embeddings, body, type, cancellationToken);

    public Task<T> PostRerankAsync<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        PostAsync(_rerank, body, type, cancellationToken);

    public async Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(credentials.BaseAddress, "models"));
        request.Headers.Authorization = _authorization;
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        var list = await ReadAsync(response, OpenAiJson.Default.ModelList, cancellationToken);
        return [.. (list.Data ?? []).Select(model => model.Id).OfType<string>().Where(id => id.Length is > 0 and <= 200).Take(2000)];
    }

    /// <exception cref="ProviderCallException">The body is not the JSON that it should be.</exception>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(stream, type, cancellationToken)
                ?? throw new ProviderCallException(ProviderFailure.Malformed, "");
        }
        catch (JsonException failure)
        {
            throw new ProviderCallException(ProviderFailure.Malformed, "", failure);
        }
    }

    private async Task<T> PostAsync<T>(Uri address, ReadOnlyMemory<byte> body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = Post(address, body);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private HttpRequestMessage Post(Uri address, ReadOnlyMemory<byte> body)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Json;
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Authorization = _authorization;
        return request;
    }
}
