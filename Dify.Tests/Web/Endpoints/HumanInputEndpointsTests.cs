using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Forms;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces.ApiKeys;
using Dify.Tests.Chat;
using Dify.Tests.Workflows;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class HumanInputEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_reads_a_form_and_answers_it_once()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var (app, form) = await PausedForm.CreateAsync(world, Stop);
        var (_, token) = await world.Host.Services.GetRequiredService<ApiKeyService>().CreateAsync(world.Owner, ApiKeyKind.App, app.Id, Stop);
        using var client = world.ClientOf(token);
        var path = $"/v1/form/human_input/{form.Token}";

        var shown = await SendAsync(client, HttpMethod.Get, path, null);
        Assert.Equal(
            ("Fine? {{#$output.why#}}", 2, form.ExpiresAt.ToUnixTimeSeconds()),
            ((string)shown["form_content"]!, shown["user_actions"]!.AsArray().Count, (long)shown["expiration_time"]!));
        Assert.Equal("because", (string)shown["resolved_default_values"]!["why"]!);
        Assert.Equal("paragraph", (string)shown["inputs"]![0]!["type"]!);

        Assert.Equal(404, (int)(await SendAsync(world.Client, HttpMethod.Get, path, null))["http"]!);
        Assert.Equal("invalid_param", (string)(await SendAsync(client, HttpMethod.Post, path, """{"inputs": {}, "action": "yes"}"""))["code"]!);
        Assert.Equal("invalid_form_data", (string)(await SendAsync(client, HttpMethod.Post, path, """{"inputs": {}, "action": "x", "user": "u"}"""))["code"]!);
        var answered = await SendAsync(client, HttpMethod.Post, path, """{"inputs": {"why": "so"}, "action": "yes", "user": "u"}""");
        Assert.Equal(200, (int)answered["http"]!);
        var again = await SendAsync(client, HttpMethod.Get, path, null);
        Assert.Equal((412, "human_input_form_submitted"), ((int)again["http"]!, (string)again["code"]!));
        Assert.Equal("so", await PausedForm.ResultAsync(world, form, Stop));
    }

    [Fact]
    public async Task Whoever_has_the_address_answers_without_an_account()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var (_, form) = await PausedForm.CreateAsync(world, Stop);
        using var client = world.Host.CreateClient();
        var path = $"/api/form/human_input/{form.Token}";
        Assert.Equal(200, (int)(await SendAsync(client, HttpMethod.Get, path, null))["http"]!);
        using var file = new ByteArrayContent("x"u8.ToArray());
        using var upload = await client.PostAsync(new Uri(path + "/files?name=a.txt", UriKind.Relative), file, Stop);
        Assert.True((int)upload.StatusCode is 400 or 403);
        Assert.Equal(200, (int)(await SendAsync(client, HttpMethod.Post, path, """{"inputs": {"why": "me"}, "action": "no"}"""))["http"]!);
        Assert.Equal(412, (int)(await SendAsync(client, HttpMethod.Post, path, """{"inputs": {"why": "late"}, "action": "yes"}"""))["http"]!);
        Assert.Equal(404, (int)(await SendAsync(client, HttpMethod.Get, "/api/form/human_input/none", null))["http"]!);
    }

    private static async Task<JsonObject> SendAsync(HttpClient client, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request, Stop);
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(Stop) ?? [];
        answer["http"] = (int)response.StatusCode;
        return answer;
    }
}

/// <summary>A published workflow that asks one question, and a run of it that waits.</summary>
internal static class PausedForm
{
    public static async Task<(App App, HumanInputForm Form)> CreateAsync(ChatWorld world, CancellationToken stop)
    {
        var services = world.Host.Services;
        var app = await services.GetRequiredService<AppService>().CreateAsync(world.Owner, new NewApp("Ask", AppMode.Workflow), stop);
        var graph = new TestGraph().Node("h", "human-input", JsonNode.Parse("""
            {"form_content": "Fine? {{#$output.why#}}", "timeout": 3, "timeout_unit": "day",
             "delivery_methods": [{"id": "w", "type": "webapp", "enabled": true}],
             "inputs": [{"type": "paragraph", "output_variable_name": "why", "default": {"type": "constant", "value": "because"}}],
             "user_actions": [{"id": "yes", "title": "Approve", "button_style": "primary"}, {"id": "no", "title": "Reject", "button_style": "default"}]}
            """)!.AsObject()).End("e", "r", "h", "why").Path("s", "h").Edge("h", "e", "yes");
        var drafts = services.GetRequiredService<WorkflowDraftService>();
        await drafts.SaveAsync(world.Owner, app.Id, new WorkflowContent { Graph = graph.ToJson() }, cancellationToken: stop);
        app = await services.GetRequiredService<AppService>().PublishAsync(world.Owner, app.Id, stop);
        var started = await services.GetRequiredService<WorkflowRunService>().StartDraftAsync(world.Owner, app.Id, [], cancellationToken: stop);
        await started.Completion.WaitAsync(stop);
        await using var db = await services.GetRequiredService<IDbContextFactory<Core.Storage.DifyDbContext>>().CreateDbContextAsync(stop);
        return (app, await db.HumanInputForms.AsNoTracking().SingleAsync(stop));
    }

    /// <summary>What the run gave in the end.</summary>
    public static async Task<string?> ResultAsync(ChatWorld world, HumanInputForm form, CancellationToken stop)
    {
        while (true)
        {
            await using (var db = await world.Host.Services.GetRequiredService<IDbContextFactory<Core.Storage.DifyDbContext>>().CreateDbContextAsync(stop))
            {
                var run = await db.WorkflowRuns.AsNoTracking().SingleAsync(row => row.Id == form.RunId, stop);
                if (run.Status is not (RunStatus.Running or RunStatus.Paused))
                {
                    return JsonNode.Parse(run.Outputs)!["r"]?.ToString();
                }
            }

            await Task.Delay(10, stop);
        }
    }
}
