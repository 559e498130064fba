using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Tests.Chat;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class AppEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_makes_an_app_configures_it_gets_a_key_and_talks_to_it()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var console = await SignInAsync(world);

        var made = await SendAsync(console, HttpMethod.Post, "/console/api/apps", new { name = "Robot", mode = "chat", icon = "🤖" });
        Assert.Equal(201, (int)made["http"]!);
        var id = (string)made["id"]!;
        var config = JsonNode.Parse("""
            {"pre_prompt":"Say {{greeting}}.","model":{"provider":"langgenius/openai_api_compatible/openai_api_compatible",
             "name":"any-name-at-all","mode":"chat","completion_params":{"temperature":0.1}},
             "user_input_form":[{"text-input":{"variable":"greeting","label":"Greeting","required":true,"max_length":5,"default":"","options":null}}],
             "dataset_configs":{"retrieval_model":"multiple","datasets":{"datasets":[]},"top_k":4,"reranking_model":{}},
             "retriever_resource":{},"opening_statement":null,"suggested_questions":[],"agent_mode":{"enabled":false},"prompt_type":"simple"}
            """);
        var saved = await SendAsync(console, HttpMethod.Post, $"/console/api/apps/{id}/model-config", config!);
        Assert.Equal((200, "success"), ((int)saved["http"]!, (string)saved["result"]!));
        var read = await SendAsync(console, HttpMethod.Get, $"/console/api/apps/{id}");
        Assert.True((bool)read["model_config"]!["retriever_resource"]!["enabled"]!);
        Assert.False((bool)read["model_config"]!["agent_mode"]!["enabled"]!);

        var key = await SendAsync(console, HttpMethod.Post, $"/console/api/apps/{id}/api-keys");
        Assert.Equal(201, (int)key["http"]!);
        using var client = world.ClientOf((string)key["token"]!);
        using var refused = await client.PostAsJsonAsync("/v1/chat-messages", ChatWorld.Body("Go", "ann", "blocking"), Stop);
        Assert.Equal("invalid_param", (string)(await ChatWorld.ReadAsync(refused, Stop))["code"]!);
        using var sent = await client.PostAsJsonAsync(
            "/v1/chat-messages", ChatWorld.Body("Go", "ann", "blocking", inputs: new() { ["greeting"] = "hello" }), Stop);
        Assert.Equal(200, (int)sent.StatusCode);
        Assert.Equal("Say hello.", world.Model.Requests.Last().LastText("system"));

        var parameters = await GetAsync(client, "/v1/parameters");
        Assert.Equal("greeting", (string)parameters["user_input_form"]![0]!["text-input"]!["variable"]!);
        Assert.Equal("disabled", (string)parameters["text_to_speech"]!["autoPlay"]!);
        Assert.Equal(15, (int)parameters["system_parameters"]!["file_size_limit"]!);
        var info = await GetAsync(client, "/v1/info");
        Assert.Equal(("Robot", "chat", "Owner"), ((string)info["name"]!, (string)info["mode"]!, (string)info["author_name"]!));
        Assert.Equal("Robot", (string)(await GetAsync(client, "/v1/site"))["title"]!);
        Assert.NotNull((await GetAsync(client, "/v1/meta"))["tool_icons"]);

        var listed = (await SendAsync(console, HttpMethod.Get, $"/console/api/apps/{id}/api-keys"))["data"]![0]!;
        Assert.DoesNotContain((string)key["token"]!, listed.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(204, (int)(await SendAsync(console, HttpMethod.Delete, $"/console/api/apps/{id}/api-keys/{key["id"]}"))["http"]!);
        using var revoked = await client.GetAsync(new Uri("/v1/info", UriKind.Relative), Stop);
        Assert.Equal(401, (int)revoked.StatusCode);
    }

    [Fact]
    public async Task An_app_is_listed_changed_copied_and_deleted()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var console = await SignInAsync(world);
        var id = world.App.Id;
        var changed = await SendAsync(console, HttpMethod.Put, $"/console/api/apps/{id}", new { name = "New name", description = "d" });
        Assert.Equal("New name", (string)changed["name"]!);
        var copy = await SendAsync(console, HttpMethod.Post, $"/console/api/apps/{id}/copy", new { });
        Assert.Equal((201, "New name - Copy"), ((int)copy["http"]!, (string)copy["name"]!));
        var found = await SendAsync(console, HttpMethod.Get, "/console/api/apps?name=copy");
        Assert.Equal((1, (string)copy["id"]!), ((int)found["total"]!, (string)found["data"]![0]!["id"]!));
        Assert.Equal(204, (int)(await SendAsync(console, HttpMethod.Delete, $"/console/api/apps/{id}"))["http"]!);
        Assert.Equal(404, (int)(await SendAsync(console, HttpMethod.Get, $"/console/api/apps/{id}"))["http"]!);
        Assert.Equal(401, (int)(await world.SendAsync("Hello", stop: Stop))["http"]!);
    }

    [Theory]
    [InlineData("""{"name":"","mode":"chat"}""")]
    [InlineData("""{"name":"x","mode":"robot"}""")]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","mode":"chat","icon_background":"url(x)"}""")]
    [InlineData("""{"name":7,"mode":"chat"}""")]
    [InlineData("{")]
    public async Task A_bad_app_is_an_invalid_param(string body)
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var console = await SignInAsync(world);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await console.PostAsync("/console/api/apps", content, Stop);
        var answer = await ChatWorld.ReadAsync(response, Stop);
        Assert.Equal((400, "invalid_param"), ((int)answer["http"]!, (string)answer["code"]!));
    }

    [Fact]
    public async Task The_console_needs_a_token()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var nobody = world.Host.CreateClient();
        foreach (var path in (string[])["/console/api/apps", $"/console/api/apps/{world.App.Id}", "/console/api/datasets/api-keys"])
        {
            Assert.Equal((401, "unauthorized"), ((int)(await GetAsync(nobody, path))["http"]!, (string)(await GetAsync(nobody, path))["code"]!));
        }
    }

    private static async Task<HttpClient> SignInAsync(ChatWorld world)
    {
        var client = world.Host.CreateClient();
        using var answer = await client.PostAsJsonAsync(
            "/console/api/login", new { email = "owner@example.com", password = "passw0rd1" }, Stop);
        var token = (string)(await ChatWorld.ReadAsync(answer, Stop))["data"]!["access_token"]!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string path) => await SendAsync(client, HttpMethod.Get, path);

    private static async Task<JsonObject> SendAsync(HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await client.SendAsync(request, Stop);
        return await ChatWorld.ReadAsync(answer, Stop);
    }
}
