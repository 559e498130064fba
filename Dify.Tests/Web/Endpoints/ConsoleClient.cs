using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Tests.Chat;

namespace Dify.Tests.Web.Endpoints;

/// <summary>A program that uses the console API as the owner.</summary>
internal sealed class ConsoleClient : IDisposable
{
    private readonly HttpClient _client;

    private ConsoleClient(HttpClient client) => _client = client;

    public static async Task<ConsoleClient> SignInAsync(ChatWorld world, CancellationToken stop)
    {
        var client = world.Host.CreateClient();
        using var login = await client.PostAsJsonAsync(
            "/console/api/login", new { email = "owner@example.com", password = "passw0rd1" }, stop);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (string)(await ChatWorld.ReadAsync(login, stop))["data"]!["access_token"]!);
        return new ConsoleClient(client);
    }

    /// <summary>The answer with its status as <c>http</c>; an answer that is no object is empty.</summary>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, string? json, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var response = await _client.SendAsync(request, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        var answer = text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject ?? [];
        answer["http"] = (int)response.StatusCode;
        return answer;
    }

    public void Dispose() => _client.Dispose();
}
