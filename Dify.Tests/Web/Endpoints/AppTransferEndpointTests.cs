using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Tests.Chat;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class AppTransferEndpointTests
{
    private const string Yaml = """
        version: 0.5.0
        app: {mode: advanced-chat, name: From file}
        workflow:
          environment_variables: [{name: KEY, value_type: secret, value: given}]
          graph:
            nodes:
            - {id: start, type: custom, position: {x: 0, y: 0}, data: {type: start, title: Start, variables: []}}
            - {id: answer, type: custom, position: {x: 0, y: 0}, data: {type: answer, title: Answer, answer: Hi}}
            edges: [{source: start, target: answer}]
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_imports_exports_and_copies_an_app()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var console = await SignInAsync(world);
        var made = await SendAsync(console, HttpMethod.Post, "/console/api/apps/imports", new { mode = "yaml-content", yaml_content = Yaml, name = "Mine" });
        Assert.Equal((200, "completed-with-warnings", "advanced-chat", "0.6.0", "0.5.0", ""), (
            (int)made["http"]!, (string)made["status"]!, (string)made["app_mode"]!, (string)made["current_dsl_version"]!,
            (string)made["imported_dsl_version"]!, (string)made["error"]!));
        Assert.True((bool)made["report"]!["is_ready"]!);
        var id = (string)made["app_id"]!;

        var export = await SendAsync(console, HttpMethod.Get, $"/console/api/apps/{id}/export");
        Assert.Contains("name: Mine", (string)export["data"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("given", (string)export["data"]!, StringComparison.Ordinal);
        Assert.Contains("given", (string)(await SendAsync(console, HttpMethod.Get, $"/console/api/apps/{id}/export?include_secret=true"))["data"]!, StringComparison.Ordinal);
        Assert.Equal(404, (int)(await SendAsync(console, HttpMethod.Get, $"/console/api/apps/{id}/export?workflow_id={Guid.CreateVersion7()}"))["http"]!);
        Assert.Empty((await SendAsync(console, HttpMethod.Get, $"/console/api/apps/imports/{id}/check-dependencies"))["leaked_dependencies"]!.AsArray());
        Assert.True((bool)(await SendAsync(console, HttpMethod.Get, $"/console/api/apps/{id}/import-report"))["mode_runs"]!);

        var copy = await SendAsync(console, HttpMethod.Post, $"/console/api/apps/{id}/copy", new { });
        Assert.Equal((201, "Mine - Copy", "advanced-chat"), ((int)copy["http"]!, (string)copy["name"]!, (string)copy["mode"]!));
        var copied = (string)(await SendAsync(console, HttpMethod.Get, $"/console/api/apps/{copy["id"]}/export?include_secret=true"))["data"]!;
        Assert.Contains("given", copied, StringComparison.Ordinal);

        var again = await SendAsync(console, HttpMethod.Post, "/console/api/apps/imports", new { mode = "yaml-content", yaml_content = new JsonObject { ["data"] = copied }.ToJsonString(), app_id = id });
        Assert.Equal((200, id, "completed"), ((int)again["http"]!, (string)again["app_id"]!, (string)again["status"]!));
    }

    [Fact]
    public async Task A_newer_file_is_accepted_and_finished_by_its_confirmation()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var console = await SignInAsync(world);
        var newer = Yaml.Replace("0.5.0", "0.7.0", StringComparison.Ordinal);
        var pending = await SendAsync(console, HttpMethod.Post, "/console/api/apps/imports", new { mode = "yaml-content", yaml_content = newer });
        Assert.Equal((202, "pending", null), ((int)pending["http"]!, (string)pending["status"]!, pending["app_id"]));
        var done = await SendAsync(console, HttpMethod.Post, $"/console/api/apps/imports/{pending["id"]}/confirm");
        Assert.Equal((200, "completed"), ((int)done["http"]!, (string)done["status"]!));
        var gone = await SendAsync(console, HttpMethod.Post, $"/console/api/apps/imports/{pending["id"]}/confirm");
        Assert.Equal((400, "failed"), ((int)gone["http"]!, (string)gone["status"]!));
    }

    [Theory]
    [InlineData("", "yaml_content is required when import_mode is yaml-content")]
    [InlineData("PK\u0003\u0004\0", "Invalid YAML format")]
    [InlineData("<html></html>", "Invalid YAML format: content must be a mapping")]
    [InlineData("kind: rag_pipeline\nrag_pipeline: {}", "Missing app data in YAML content")]
    [InlineData("a: &a [x, x]\nb: *c", "Invalid YAML format")]
    public async Task What_is_no_app_file_fails_with_a_reason(string text, string error)
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var console = await SignInAsync(world);
        var answer = await SendAsync(console, HttpMethod.Post, "/console/api/apps/imports", new { mode = "yaml-content", yaml_content = text });
        Assert.Equal((400, "failed", null), ((int)answer["http"]!, (string)answer["status"]!, answer["app_id"]));
        Assert.StartsWith(error, (string)answer["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eleven_megabytes_are_refused()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var console = await SignInAsync(world);
        var answer = await SendAsync(console, HttpMethod.Post, "/console/api/apps/imports", new { mode = "yaml-content", yaml_content = new string('x', 11 << 20) });
        Assert.Equal((400, "File size exceeds the limit of 10MB"), ((int)answer["http"]!, (string)answer["error"]!));
    }

    [Fact]
    public async Task A_file_is_fetched_from_an_address_that_may_be_called()
    {
        await using var files = await StartFilesAsync();
        await using var world = await ChatWorld.CreateAsync(
            further: new Dictionary<string, string?> { ["Egress:AllowedNetworks:0"] = "127.0.0.1/32" }, stop: Stop);
        using var console = await SignInAsync(world);
        Task<JsonObject> Import(string path) => SendAsync(
            console, HttpMethod.Post, "/console/api/apps/imports", new { mode = "yaml-url", yaml_url = files.Urls.First() + path });
        Assert.Equal("completed-with-warnings", (string)(await Import("/app.yml"))["status"]!);
        Assert.Equal("Empty content from url", (string)(await Import("/empty.yml"))["error"]!);
        Assert.Equal("Error fetching YAML from URL: 404 Not Found", (string)(await Import("/none.yml"))["error"]!);
        Assert.Equal("File size exceeds the limit of 10MB", (string)(await Import("/large.yml"))["error"]!);
        Assert.Equal("Invalid YAML format: this file is not a text in UTF-8.", (string)(await Import("/picture.png"))["error"]!);
    }

    [Fact]
    public async Task Nobody_imports_or_exports_without_signing_in()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var nobody = world.Host.CreateClient(new() { AllowAutoRedirect = false });
        foreach (var (method, path) in ((HttpMethod, string)[])[
            (HttpMethod.Post, "/console/api/apps/imports"), (HttpMethod.Get, $"/console/api/apps/{world.App.Id}/export"),
            (HttpMethod.Post, "/api/app-imports"), (HttpMethod.Get, $"/api/apps/{world.App.Id}/export")])
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await nobody.SendAsync(request, Stop);
            Assert.Contains((int)response.StatusCode, (int[])[401, 302]);
        }
    }

    private static async Task<WebApplication> StartFilesAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            var body = http.Request.Path.Value switch
            {
                "/app.yml" => Encoding.UTF8.GetBytes(Yaml),
                "/empty.yml" => [],
                "/large.yml" => new byte[11 << 20],
                "/picture.png" => [0x89, 0x50, 0xFF],
                _ => null,
            };
            http.Response.StatusCode = body is null ? 404 : 200;
            await http.Response.Body.WriteAsync(body ?? [], http.RequestAborted);
        });
        await app.StartAsync(Stop);
        return app;
    }

    private static async Task<HttpClient> SignInAsync(ChatWorld world)
    {
        var client = world.Host.CreateClient();
        using var answer = await client.PostAsJsonAsync("/console/api/login", new { email = "owner@example.com", password = "passw0rd1" }, Stop);
        var token = (string)(await ChatWorld.ReadAsync(answer, Stop))["data"]!["access_token"]!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<JsonObject> SendAsync(HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await client.SendAsync(request, Stop);
        return await ChatWorld.ReadAsync(response, Stop);
    }
}
