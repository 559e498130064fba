using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Models;

public sealed class ModelProviderEndpointTests
{
    private const string Path = "/console/api/workspaces/current/";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Credentials_are_checked_saved_used_and_never_given_back()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        fake.ApiKey = "sk-canary-0123456789abcdef";
        await using var host = new DifyHost();
        using var client = await SignInAsync(host);

        var refused = await client.PostAsJsonAsync(
            Path + "model-providers/openai-compatible/credentials",
            new { credentials = new { base_url = fake.BaseUrl, api_key = "sk-wrong-0123456789" } }, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("provider_not_initialize", (string?)(await ReadAsync(refused))["code"]);

        var saved = await client.PostAsJsonAsync(
            Path + "model-providers/langgenius/openai_api_compatible/openai_api_compatible/credentials",
            new { credentials = new { endpoint_url = fake.BaseUrl, api_key = fake.ApiKey } }, Cancelled);
        Assert.Equal(HttpStatusCode.Created, saved.StatusCode);

        var chosen = await client.PostAsJsonAsync(
            Path + "default-model",
            new { model_settings = new[] { new { model_type = "llm", provider = "openai-compatible", model = "unlisted" } } }, Cancelled);
        Assert.Equal(HttpStatusCode.OK, chosen.StatusCode);

        var all = string.Concat(
            await client.GetStringAsync(Path + "model-providers", Cancelled),
            await client.GetStringAsync(Path + "model-providers/openai-compatible/credentials", Cancelled),
            await client.GetStringAsync(Path + "models/model-types/llm", Cancelled),
            await client.GetStringAsync(Path + "default-model?model_type=llm", Cancelled));
        Assert.DoesNotContain("canary", all);
        Assert.Contains("\"fake-chat\"", all);
        Assert.Contains("\"unlisted\"", all);
        Assert.Contains("••••cdef", all);

        Assert.Equal("""{"data":[]}""", await client.GetStringAsync(Path + "models/model-types/tts", Cancelled));
        Assert.Contains("\"overlap\"", await client.GetStringAsync(Path + "models/model-types/rerank", Cancelled));
        Assert.Contains("\"overlap\"", await client.GetStringAsync(Path + "default-model?model_type=rerank", Cancelled));
        Assert.Contains("\"temperature\"", await client.GetStringAsync(
            Path + "model-providers/openai-compatible/models/parameter-rules?model=unlisted", Cancelled));
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(Path + "model-providers/openai-compatible/credentials", Cancelled)).StatusCode);
        Assert.Contains("\"extractive\"", await client.GetStringAsync(Path + "default-model?model_type=llm", Cancelled));
    }

    [Theory]
    [InlineData("model-providers/none/credentials", """{"credentials":{}}""", 404, "not_found")]
    [InlineData("model-providers/openai/credentials", """{"credentials":{}}""", 400, "invalid_param")]
    [InlineData("model-providers/openai/credentials", """{}""", 400, "invalid_param")]
    [InlineData("model-providers/builtin/credentials", """{"credentials":{}}""", 400, "invalid_param")]
    [InlineData("model-providers/openai-compatible/credentials", """{"credentials":{"base_url":"file:///etc/passwd"}}""", 400, "invalid_param")]
    [InlineData("model-providers/openai-compatible/credentials", """{"credentials":{"base_url":"http://169.254.169.254/v1"}}""", 400, "completion_request_error")]
    [InlineData("model-providers/openai-compatible/credentials", """{"credentials":{"base_url":"http://user:pw@example.com"}}""", 400, "invalid_param")]
    [InlineData("model-providers/openai/credentials", """{"credentials":{"api_key":"sk\r\nX-Evil: 1"}}""", 400, "invalid_param")]
    [InlineData("default-model", """{"model_settings":[{"model_type":"llm","provider":"openai","model":"gpt-4o"}]}""", 400, "provider_not_initialize")]
    [InlineData("default-model", """{"model_settings":[{"model_type":"what","provider":"openai","model":"gpt-4o"}]}""", 400, "invalid_param")]
    [InlineData("default-model", """{"model_settings":[{"model_type":"llm","provider":"builtin","model":"lexical"}]}""", 400, "model_currently_not_support")]
    public async Task Bad_input_gets_a_coded_error(string path, string body, int status, string code)
    {
        await using var host = new DifyHost();
        using var client = await SignInAsync(host);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await client.PostAsync(Path + path, content, Cancelled);
        Assert.Equal((status, code), ((int)answer.StatusCode, (string?)(await ReadAsync(answer))["code"]));
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;

    private static async Task<HttpClient> SignInAsync(DifyHost host)
    {
        var client = host.CreateClient();
        await client.PostAsJsonAsync("/console/api/setup", new { email = "owner@example.com", name = "Owner", password = "passw0rd1" }, Cancelled);
        var login = await client.PostAsJsonAsync("/console/api/login", new { email = "owner@example.com", password = "passw0rd1", remember_me = true }, Cancelled);
        client.DefaultRequestHeaders.Authorization = new("Bearer", (string?)(await ReadAsync(login))["data"]!["access_token"]);
        return client;
    }
}
