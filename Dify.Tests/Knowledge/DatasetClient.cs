using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Dify.Tests.Knowledge;

/// <summary>Speaks the knowledge API as a program would: set-up, sign-in, a knowledge key, then <c>/v1</c>.</summary>
internal sealed class DatasetClient(HttpClient http)
{
    private string? _console;
    private string? _key;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The token of the console API.</summary>
    public string Console => _console!;

    public async Task SetUpAsync()
    {
        await SendAsync(HttpMethod.Post, "/console/api/setup", new { email = "owner@example.com", name = "Owner", password = "passw0rd1" });
        await SignInAsync();
        _key = (await SendAsync(HttpMethod.Post, "/console/api/datasets/api-keys", new { }, _console))["token"]!.GetValue<string>();
    }

    /// <summary>The same keys on another start of the program.</summary>
    public DatasetClient On(HttpClient other) => new(other) { _key = _key, _console = _console };

    public async Task<JsonNode> V1Async(HttpMethod method, string path, object? body = null, HttpStatusCode expected = HttpStatusCode.OK) =>
        await SendAsync(method, "/v1" + path, body, _key, expected);

    public async Task<JsonNode> ConsoleAsync(HttpMethod method, string path, object? body = null, HttpStatusCode expected = HttpStatusCode.OK) =>
        await SendAsync(method, "/console/api" + path, body, _console, expected);

    public async Task<string> CreateDatasetAsync(string name) =>
        (await V1Async(HttpMethod.Post, "/datasets", new { name, permission = "all_team_members", indexing_technique = "high_quality" }))["id"]!.GetValue<string>();

    public async Task<JsonNode> CreateByFileAsync(
        string dataset, string fileName, byte[] content, object? data = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var form = new MultipartFormDataContent();
        using var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(file, "file", fileName);
        form.Add(new StringContent(JsonSerializer.Serialize(
            data ?? new { indexing_technique = "high_quality", process_rule = new { mode = "automatic" } })), "data");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/datasets/{dataset}/document/create-by-file") { Content = form };
        return await SendAsync(request, _key, expected);
    }

    /// <summary>Asks until every document of the batch has come to an end.</summary>
    public async Task<JsonArray> WaitAsync(string dataset, string batch)
    {
        while (true)
        {
            var answer = (await V1Async(HttpMethod.Get, $"/datasets/{dataset}/documents/{batch}/indexing-status"))["data"]!.AsArray();
            if (answer.All(d => d!["indexing_status"]!.GetValue<string>() is "completed" or "error"))
            {
                return answer;
            }

            await Task.Delay(20, Stop);
        }
    }

    private async Task SignInAsync()
    {
        var answer = await SendAsync(HttpMethod.Post, "/console/api/login", new { email = "owner@example.com", password = "passw0rd1" });
        _console = answer["data"]!["access_token"]!.GetValue<string>();
    }

    private async Task<JsonNode> SendAsync(
        HttpMethod method, string path, object? body, string? token = null, HttpStatusCode? expected = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        return await SendAsync(request, token, expected);
    }

    private async Task<JsonNode> SendAsync(HttpRequestMessage request, string? token, HttpStatusCode? expected)
    {
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        if (expected is null)
        {
            Assert.True(answer.IsSuccessStatusCode, $"{request.RequestUri}: {answer.StatusCode} {text}");
        }
        else
        {
            Assert.True(answer.StatusCode == expected, $"{request.RequestUri}: {answer.StatusCode} {text}");
        }

        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
