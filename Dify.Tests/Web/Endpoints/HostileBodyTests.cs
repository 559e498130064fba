using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Storage;
using Dify.Tests.Chat;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

/// <summary>Bodies that no honest client sends. Each gets a coded refusal or does what it can; none is an internal error.</summary>
public sealed class HostileBodyTests
{
    private static readonly string[] Refused =
    [
        """POST /console/api/apps/{app}/model-config {"dataset_configs":5}""",
        """POST /console/api/apps/{app}/model-config {"dataset_configs":{"datasets":[1]}}""",
        """POST /console/api/apps/{app}/model-config {"user_input_form":[{"bad":{}}]}""",
        """POST /console/api/workspaces/current/default-model {"model_settings":[null]}""",
        """POST /console/api/login {"email":5,"password":[]}""",
        """POST /console/api/login {""",
        """GET /v1/datasets?page=x""",
        """POST /v1/datasets {"name":"q","permission":"partial_members","partial_member_list":[null]}""",
        """POST /v1/datasets/{dataset}/document/create-by-text {"name":"","text":"x","process_rule":{"mode":"automatic"}}""",
        """POST /v1/datasets/{dataset}/document/create-by-text {"name":"\ud800","text":"x"}""",
    ];

    /// <summary>A NUL is what PostgreSQL refuses a statement for.</summary>
    private static readonly string[] Taken =
    [
        """POST /console/api/apps {"name":"a\u0000b","mode":"chat","description":"\u0000"}""",
        """PUT /console/api/apps/{app} {"name":"a\u0000","description":"\u0000"}""",
        """POST /console/api/apps/{app}/model-config {"pre_prompt":"a\u0000","opening_statement":"b\u0000","model":{"provider":"builtin","name":"extractive","mode":"chat"}}""",
        """POST /v1/chat-messages {"query":"Hello","inputs":{},"user":"u"}""",
        """GET /console/api/apps?name=%00""",
        """GET /v1/datasets?keyword=%00""",
        """POST /v1/datasets {"name":"c\u0000d","description":"\u0000"}""",
        """POST /v1/datasets/{dataset}/document/create-by-text {"name":"t","text":"x","indexing_technique":"economy","process_rule":{"mode":"custom","rules":{"pre_processing_rules":[null],"segmentation":{"separator":"\u0000","max_tokens":500}}}}""",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_hostile_body_is_refused_or_taken_and_never_an_internal_error(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        using var console = world.Host.CreateClient();
        using var login = await console.PostAsJsonAsync(
            "/console/api/login", new { email = "owner@example.com", password = "passw0rd1" }, Stop);
        console.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (string)(await ChatWorld.ReadAsync(login, Stop))["data"]!["access_token"]!);
        using var made = await console.PostAsync("/console/api/datasets/api-keys", null, Stop);
        using var knowledge = world.ClientOf((string)(await ChatWorld.ReadAsync(made, Stop))["token"]!);
        using var dataset = await knowledge.PostAsJsonAsync("/v1/datasets", new { name = "Base" }, Stop);
        var id = (string)(await ChatWorld.ReadAsync(dataset, Stop))["id"]!;

        foreach (var line in (string[])[.. Refused, .. Taken])
        {
            var parts = line.Replace("{app}", world.App.Id.ToString(), StringComparison.Ordinal)
                .Replace("{dataset}", id, StringComparison.Ordinal).Split(' ', 3);
            using var request = new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]);
            request.Content = parts.Length < 3 ? null : new StringContent(parts[2], Encoding.UTF8, "application/json");
            var client = parts[1].StartsWith("/console", StringComparison.Ordinal) ? console
                : parts[1].StartsWith("/v1/datasets", StringComparison.Ordinal) ? knowledge : world.Client;
            using var answer = await client.SendAsync(request, Stop);
            var body = await answer.Content.ReadAsStringAsync(Stop);
            if (Refused.Contains(line))
            {
                Assert.True((int)answer.StatusCode == 400, $"{line}: {answer.StatusCode} {body}");
                Assert.Equal("invalid_param", (string)JsonNode.Parse(body)!["code"]!);
            }
            else
            {
                Assert.True(answer.IsSuccessStatusCode, $"{line}: {answer.StatusCode} {body}");
            }
        }
    }

    [Fact]
    public async Task A_large_body_is_cut_before_anybody_has_signed_in()
    {
        await using var world = await ChatWorld.CreateAsync(listens: true, stop: Stop);
        using var anyone = world.Host.CreateClient();
        using var content = new StringContent(
            $$"""{"email":"{{new string('a', 5 * 1024 * 1024)}}","password":"x"}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/console/api/login") { Content = content };
        request.Headers.ExpectContinue = true;
        using var answer = await anyone.SendAsync(request, Stop);
        Assert.Equal((413, "file_too_large"), ((int)answer.StatusCode, (string)(await ChatWorld.ReadAsync(answer, Stop))["code"]!));
    }

    [Fact]
    public async Task A_refusal_carries_the_headers_that_guard_a_browser()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var nobody = world.Host.CreateClient();
        foreach (var path in (string[])["/v1/info", "/console/api/apps", "/v1/nosuch", "/api/apps/00000000-0000-0000-0000-000000000001/openapi.json"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Origin", "https://evil.example");
            using var answer = await nobody.SendAsync(request, Stop);
            Assert.False(answer.IsSuccessStatusCode);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }
}
