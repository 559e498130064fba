using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workspaces.ApiKeys;
using Dify.Tests.Chat;
using Dify.Tests.Support;
using Dify.Tests.Workflows;
using Dify.Tests.Workflows.Runs;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class WorkflowEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_run_is_answered_blocking_and_can_be_looked_up(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var (app, client) = await AddWorkflowAsync(world);

        var answer = await PostAsync(client, "/v1/workflows/run", Body("blocking", "tea"));

        Assert.Equal(200, (int)answer["http"]!);
        var data = answer["data"]!.AsObject();
        Assert.Equal(("succeeded", FakeOpenAiServer.DefaultAnswer), ((string)data["status"]!, (string)data["outputs"]!["said"]!));
        Assert.Equal((3, 18), ((int)data["total_steps"]!, (int)data["total_tokens"]!));
        Assert.Equal(
            ["id", "workflow_id", "status", "outputs", "error", "elapsed_time", "total_tokens", "total_steps", "created_at", "finished_at"],
            data.Select(field => field.Key));
        var run = await GetAsync(client, $"/v1/workflows/run/{answer["workflow_run_id"]}");
        Assert.Equal("tea", (string)JsonNode.Parse((string)run["inputs"]!)!["topic"]!);
        Assert.Equal((data["workflow_id"]!.ToString(), "succeeded"), (run["workflow_id"]!.ToString(), (string)run["status"]!));

        var pinned = await PostAsync(client, $"/v1/workflows/{data["workflow_id"]}/run", Body("blocking", "tea"));
        Assert.Equal("succeeded", (string)pinned["data"]!["status"]!);
        var logs = await GetAsync(client, "/v1/workflows/logs?status=succeeded&limit=1&created_by_end_user_session_id=ann&created_at__after=2020-01-01T00:00:00Z");
        Assert.Equal((2, true), ((int)logs["total"]!, (bool)logs["has_more"]!));
        var entry = logs["data"]!.AsArray().Single()!;
        Assert.Equal(("ann", "end_user"), ((string)entry["created_by_end_user"]!["session_id"]!, (string)entry["created_by_role"]!));
        Assert.Equal(("succeeded", "app-run"), ((string)entry["workflow_run"]!["status"]!, (string)entry["workflow_run"]!["triggered_from"]!));
        var parameters = await GetAsync(client, "/v1/parameters");
        Assert.Equal("topic", (string)parameters["user_input_form"]![0]!["text-input"]!["variable"]!);
        Assert.NotEqual(app.Id, world.App.Id);
    }

    [Fact]
    public async Task A_stream_has_difys_events_and_can_be_opened_again()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var (_, client) = await AddWorkflowAsync(world);

        var events = await StreamAsync(client, Body("streaming", "tea"));

        Assert.Equal("workflow_started", (string)events[0]["event"]!);
        Assert.Equal("initial", (string)events[0]["data"]!["reason"]!);
        Assert.Equal("workflow_finished", (string)events[^1]["event"]!);
        Assert.Equal("ann", (string)events[^1]["data"]!["created_by"]!["user"]!);
        Assert.Equal(
            FakeOpenAiServer.DefaultAnswer,
            string.Concat(events.Where(e => (string)e["event"]! == "text_chunk").Select(e => (string)e["data"]!["text"]!)));
        Assert.Equal(3, events.Count(e => (string)e["event"]! == "node_finished"));
        var runId = events[0]["workflow_run_id"]!;
        using var again = await client.GetAsync(new Uri($"/v1/workflow/{runId}/events?user=ann&include_state_snapshot=true", UriKind.Relative), Stop);
        var told = ChatWorld.ParseEvents(await again.Content.ReadAsStringAsync(Stop)).Select(e => (string)e["event"]!).ToList();
        Assert.Equal(("workflow_started", "workflow_finished", 3), (told[0], told[^1], told.Count(name => name == "node_finished")));
        Assert.Equal(404, (int)(await GetAsync(client, $"/v1/workflow/{runId}/events?user=bob"))["http"]!);
    }

    [Fact]
    public async Task A_running_task_is_stopped_by_anybody_with_the_key()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var (_, client) = await AddWorkflowAsync(world);
        var gate = new TaskCompletionSource();
        world.Model.OnChat = _ => new FakeOpenAiReply("one two") { HoldAfterFirstPiece = gate.Task };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/workflows/run") { Content = JsonContent.Create(Body("streaming", "tea")) };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        await using var stream = await answer.Content.ReadAsStreamAsync(Stop);
        using var reader = new StreamReader(stream);
        var first = JsonNode.Parse((await reader.ReadLineAsync(Stop))!["data: ".Length..])!;

        var stopped = await PostAsync(client, $"/v1/workflows/tasks/{first["task_id"]}/stop", new JsonObject { ["user"] = "bob" });

        Assert.Equal("success", (string)stopped["result"]!);
        var rest = ChatWorld.ParseEvents((await reader.ReadToEndAsync(Stop)).TrimStart('\n')).ToList();
        Assert.Equal(("workflow_finished", "stopped"), ((string)rest[^1]["event"]!, (string)rest[^1]["data"]!["status"]!));
        gate.SetResult();
    }

    [Fact]
    public async Task Wrong_apps_versions_and_values_are_told_apart()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var (app, client) = await AddWorkflowAsync(world);
        var drafts = world.Host.Get<WorkflowDraftService>();
        var snapshot = await drafts.SnapshotAsync(world.Owner, app.Id, Stop);
        async Task<(int, string)> Code(Task<JsonObject> answer) => ((int)(await answer)["http"]!, (string)(await answer)["code"]!);

        Assert.Equal((400, "not_workflow_app"), await Code(PostAsync(world.Client, "/v1/workflows/run", Body("blocking", "tea"))));
        Assert.Equal((400, "bad_request"), await Code(PostAsync(client, "/v1/workflows/draft/run", Body("blocking", "tea"))));
        Assert.Equal((400, "bad_request"), await Code(PostAsync(client, $"/v1/workflows/{snapshot}/run", Body("blocking", "tea"))));
        Assert.Equal((404, "not_found"), await Code(PostAsync(client, $"/v1/workflows/{Guid.CreateVersion7()}/run", Body("blocking", "tea"))));
        Assert.Equal((400, "invalid_param"), await Code(PostAsync(client, "/v1/workflows/run", Body("both", "tea"))));
        Assert.Equal((400, "invalid_param"), await Code(PostAsync(client, "/v1/workflows/run", new JsonObject { ["inputs"] = new JsonObject(), ["user"] = "ann" })));
        Assert.Equal((404, "not_found"), await Code(GetAsync(client, $"/v1/workflows/run/{Guid.CreateVersion7()}")));
        Assert.Equal((400, "invalid_param"), await Code(GetAsync(client, "/v1/workflows/logs?limit=101")));
        Assert.Equal((400, "invalid_param"), await Code(GetAsync(client, "/v1/workflows/logs?created_by_account=nobody@example.com")));
        Assert.Equal((400, "invalid_param"), await Code(GetAsync(client, "/v1/workflows/logs?created_at__before=yesterday")));
        Assert.Equal((400, "not_workflow_app"), await Code(GetAsync(world.Client, "/v1/workflows/logs")));
    }

    [Fact]
    public async Task A_failed_run_is_an_answer_and_no_error()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var (_, client) = await AddWorkflowAsync(world);
        world.Model.OnChat = _ => new FakeOpenAiReply("no") { Status = 401 };

        var answer = await PostAsync(client, "/v1/workflows/run", Body("blocking", "tea"));

        Assert.Equal((200, "failed"), ((int)answer["http"]!, (string)answer["data"]!["status"]!));
        Assert.NotEmpty((string)answer["data"]!["error"]!);
    }

    [Fact]
    public async Task The_console_tries_drafts_and_nodes_and_shows_what_has_run()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var (app, _) = await AddWorkflowAsync(world);
        using var console = await ConsoleClient.SignInAsync(world, Stop);
        var root = $"/console/api/apps/{app.Id}";
        Task<JsonObject> Get(string path) => console.SendAsync(HttpMethod.Get, root + path, null, Stop);

        var node = await console.SendAsync(HttpMethod.Post, $"{root}/workflows/draft/nodes/m/run", """{"inputs": {"#s.topic#": "tea"}}""", Stop);
        Assert.Equal(("succeeded", "llm", FakeOpenAiServer.DefaultAnswer), ((string)node["status"]!, (string)node["node_type"]!, (string)node["outputs"]!["text"]!));
        Assert.Contains("tea", node["process_data"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((string)node["id"]!, (string)(await Get("/workflows/draft/nodes/m/last-run"))["id"]!);
        Assert.Equal(404, (int)(await Get("/workflows/draft/nodes/e/last-run"))["http"]!);

        var tried = await world.Host.Get<Dify.Core.Workflows.Runs.WorkflowRunService>().StartDraftAsync(
            world.Owner, app.Id, new JsonObject { ["topic"] = "tea" }, cancellationToken: Stop);
        await tried.Completion.WaitAsync(Stop);
        var list = await Get("/workflow-runs?limit=5");
        var run = list["data"]!.AsArray().Single()!;
        Assert.Equal(("draft", "Owner", "succeeded"), ((string)run["version"]!, (string)run["created_by_account"]!["name"]!, (string)run["status"]!));
        var detail = await Get($"/workflow-runs/{run["id"]}");
        Assert.Equal(("tea", FakeOpenAiServer.DefaultAnswer), ((string)detail["inputs"]!["topic"]!, (string)detail["outputs"]!["said"]!));
        var nodes = (await Get($"/workflow-runs/{run["id"]}/node-executions"))["data"]!.AsArray();
        Assert.Equal(["s", "m", "e"], nodes.Select(n => (string)n!["node_id"]!));
        Assert.Equal(18, (int)nodes[1]!["execution_metadata"]!["total_tokens"]!);
        var variables = await Get("/workflows/draft/variables?limit=100");
        Assert.Contains(variables["items"]!.AsArray(), v => (string)v!["name"]! == "topic" && (string)v["value"]! == "tea" && (string)v["value_type"]! == "string");
        Assert.Equal(404, (int)(await Get($"/workflow-runs/{Guid.CreateVersion7()}"))["http"]!);
        Assert.Equal("success", (string)(await console.SendAsync(HttpMethod.Post, $"{root}/workflow-runs/tasks/{run["id"]}/stop", "{}", Stop))["result"]!);
    }

    private static async Task<(App App, HttpClient Client)> AddWorkflowAsync(ChatWorld world)
    {
        var apps = world.Host.Get<AppService>();
        var app = await apps.CreateAsync(world.Owner, new NewApp("Flow", AppMode.Workflow), Stop);
        var asking = CrashApp.Asking("m");
        asking["prompt_template"] = new JsonArray(new JsonObject { ["role"] = "user", ["text"] = "{{#s.topic#}}" });
        var graph = new TestGraph("topic", required: true).Node("m", "llm", asking).End("e", "said", "m", "text").Path("s", "m", "e");
        await world.Host.Get<WorkflowDraftService>().SaveAsync(
            world.Owner, app.Id, new WorkflowContent { Graph = graph.ToJson() }, cancellationToken: Stop);
        await apps.PublishAsync(world.Owner, app.Id, Stop);
        var (_, token) = await world.Host.Get<ApiKeyService>().CreateAsync(world.Owner, ApiKeyKind.App, app.Id, Stop);
        return (app, world.ClientOf(token));
    }

    private static JsonObject Body(string mode, string topic) => new()
    {
        ["inputs"] = new JsonObject { ["topic"] = topic },
        ["user"] = "ann",
        ["response_mode"] = mode,
    };

    private static async Task<JsonObject> PostAsync(HttpClient client, string path, JsonObject body)
    {
        using var answer = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Stop);
        return await ChatWorld.ReadAsync(answer, Stop);
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Stop);
        return await ChatWorld.ReadAsync(answer, Stop);
    }

    private static async Task<List<JsonObject>> StreamAsync(HttpClient client, JsonObject body)
    {
        using var answer = await client.PostAsJsonAsync(new Uri("/v1/workflows/run", UriKind.Relative), body, Stop);
        return [.. ChatWorld.ParseEvents(await answer.Content.ReadAsStringAsync(Stop))];
    }
}
