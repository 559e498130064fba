using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces.ApiKeys;
using Dify.Tests.Support;
using Dify.Tests.Workflows;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Chat;

public sealed class ChatflowTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_turn_streams_its_nodes_its_text_and_at_last_its_end(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var client = await AddAsync(world, Content(Graph().Edge("s", "m").Edge("m", "a")));
        world.Model.OnChat = _ => new FakeOpenAiReply("Two words");

        var events = await StreamAsync(client, "Hello", stop: Stop);

        Assert.Equal(
            ["workflow_started", "node_started", "node_finished", "node_started", "message", "message", "message", "node_finished", "node_started",
                "node_finished", "message_end", "workflow_finished"],
            events.Select(e => (string)e["event"]!));
        Assert.Equal("Two words, dear.", string.Concat(events.Where(e => (string)e["event"]! == "message").Select(e => (string)e["answer"]!)));
        Assert.All(events, e => Assert.Equal((string)events[0]["conversation_id"]!, (string)e["conversation_id"]!));
        var (end, finished) = (events[^2], events[^1]["data"]!);
        Assert.Equal(18, (int)end["metadata"]!["usage"]!["total_tokens"]!);
        Assert.Equal(("succeeded", "Two words, dear."), ((string)finished["status"]!, (string)finished["outputs"]!["answer"]!));
        var message = await world.MessageAsync((string)end["message_id"]!, Stop);
        Assert.Equal((MessageStatus.Normal, "Two words, dear."), (message.Status, message.Answer));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_conversation_remembers_variables_and_what_was_said(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var memory = new JsonObject { ["window"] = new JsonObject { ["enabled"] = true, ["size"] = 1 }, ["query_prompt_template"] = "{{#sys.query#}}" };
        var graph = new TestGraph().Model("m", "Turn {{#sys.dialogue_count#}}", memory).Add("add", "conversation", "n", 1)
            .Answer("a", "{{#conversation.n#}} {{#m.text#}}").Path("s", "m", "add", "a");
        var client = await AddAsync(world, Content(graph) with
        {
            ConversationVariables = [new WorkflowVariable("v1", "n", "number", 5, "How often"), new WorkflowVariable("v2", "names", "array[string]", new JsonArray("x"))],
        });

        var first = await SendAsync(client, "one", stop: Stop);
        var conversation = (string)first["conversation_id"]!;
        Assert.StartsWith("6 ", (string)first["answer"]!, StringComparison.Ordinal);
        Assert.StartsWith("7 ", (string)(await SendAsync(client, "two", conversation, Stop))["answer"]!, StringComparison.Ordinal);
        Assert.StartsWith("6 ", (string)(await SendAsync(client, "other", stop: Stop))["answer"]!, StringComparison.Ordinal);
        Assert.StartsWith("8 ", (string)(await SendAsync(client, "three", conversation, Stop))["answer"]!, StringComparison.Ordinal);
        Assert.Equal(
            ["Turn 2", "two", $"7 {FakeOpenAiServer.DefaultAnswer}", "three"],
            world.Model.Chats[^1]["messages"]!.AsArray().Select(message => message!["content"]!.ToString()));

        var variables = await GetAsync(client, $"/v1/conversations/{conversation}/variables?user=ann", Stop);
        Assert.Equal(["n number 8 How often", """names array[string] ["x"] """], variables["data"]!.AsArray()
            .OrderBy(v => (string)v!["name"]! == "n" ? 0 : 1).Select(v => $"{v!["name"]} {v["value_type"]} {v["value"]} {v["description"]}"));
        Assert.Equal(404, (int)(await GetAsync(client, $"/v1/conversations/{conversation}/variables?user=bob", Stop))["http"]!);

        var id = variables["data"]!.AsArray().Single(v => (string)v!["name"]! == "n")!["id"];
        Assert.Equal("bad_request", (string)(await PutAsync(client, $"/v1/conversations/{conversation}/variables/{id}", "text"))["code"]!);
        Assert.Equal("41", (string)(await PutAsync(client, $"/v1/conversations/{conversation}/variables/{id}", 41))["value"]!);
        Assert.StartsWith("42 ", (string)(await SendAsync(client, "four", conversation, Stop))["answer"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_of_code_that_is_called_usage_is_no_cost()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var graph = Graph().Node("c", "code", new JsonObject
        {
            ["code_language"] = "javascript",
            ["code"] = "function main() { return { usage: { prompt_tokens: 'many', total_tokens: 7 } } }",
            ["variables"] = new JsonArray(),
            ["outputs"] = new JsonObject { ["usage"] = new JsonObject { ["type"] = "object", ["children"] = null } },
        });
        var client = await AddAsync(world, Content(graph.Path("s", "c", "m", "a")));

        var answer = await SendAsync(client, "Hello", stop: Stop);

        Assert.Equal($"{FakeOpenAiServer.DefaultAnswer}, dear.", answer["answer"]?.ToString());
        Assert.Equal(18, (int)answer["metadata"]!["usage"]!["total_tokens"]!);
    }

    [Fact]
    public async Task A_turn_that_fails_says_so_after_its_run_and_has_no_message_end()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var client = await AddAsync(world, Content(Graph().Edge("s", "m").Edge("m", "a")));
        world.Model.OnChat = _ => new FakeOpenAiReply("") { Status = 400 };

        var events = await StreamAsync(client, "Hello", stop: Stop);

        Assert.Equal(["node_finished", "workflow_finished", "error"], events.Select(e => (string)e["event"]!).TakeLast(3));
        Assert.Equal("failed", (string)events[^2]["data"]!["status"]!);
        var message = await world.MessageAsync((string)events[^1]["message_id"]!, Stop);
        Assert.Equal(MessageStatus.Error, message.Status);
        Assert.Equal(400, (int)(await SendAsync(client, "Hello", stop: Stop))["http"]!);
    }

    [Fact]
    public async Task A_stop_keeps_what_was_said()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var client = await AddAsync(world, Content(Graph().Edge("s", "m").Edge("m", "a")));
        world.Model.OnChat = _ => new FakeOpenAiReply("one two three") { HoldAfterFirstPiece = new TaskCompletionSource().Task };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat-messages")
        {
            Content = JsonContent.Create(ChatWorld.Body("Hello", "ann", "streaming")),
        };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));
        var events = new List<JsonObject>();
        while (await reader.ReadLineAsync(Stop) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(JsonNode.Parse(line["data: ".Length..])!.AsObject());
                if ((string)events[^1]["event"]! == "message")
                {
                    using var stopped = await client.PostAsJsonAsync($"/v1/chat-messages/{events[^1]["task_id"]}/stop", new { user = "ann" }, Stop);
                }
            }
        }

        Assert.Equal(["message_end", "workflow_finished"], events.Select(e => (string)e["event"]!).TakeLast(2));
        Assert.Equal("stopped", (string)events[^1]["data"]!["status"]!);
        var message = await world.MessageAsync((string)events[^2]["message_id"]!, Stop);
        Assert.Equal((MessageStatus.Stopped, "one"), (message.Status, message.Answer.Trim()));
    }

    [Fact]
    public async Task Clients_are_told_the_form_and_the_features_and_the_form_is_checked()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var graph = new TestGraph("topic", required: true).Answer("a", "{{#s.topic#}}").Path("s", "a");
        var client = await AddAsync(world, Content(graph) with
        {
            Features = new JsonObject { ["opening_statement"] = "Hi {{topic}}", ["suggested_questions"] = new JsonArray("Why?") },
        });

        var parameters = await GetAsync(client, "/v1/parameters", Stop);
        Assert.Equal(("Hi {{topic}}", "topic"), (
            (string)parameters["opening_statement"]!, (string)parameters["user_input_form"]![0]!["text-input"]!["variable"]!));
        Assert.Equal("invalid_param", (string)(await SendAsync(client, "Hello", stop: Stop))["code"]!);
        var body = ChatWorld.Body("Hello", "ann", "blocking", inputs: new JsonObject { ["topic"] = "bread" });
        using var answer = await client.PostAsJsonAsync("/v1/chat-messages", body, Stop);
        Assert.Equal("bread", (string)(await ChatWorld.ReadAsync(answer, Stop))["answer"]!);
    }

    [Fact]
    public async Task A_member_tries_a_snapshot_of_the_draft_and_end_users_do_not()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var app = await CreateAsync(world, Content(new TestGraph().Answer("a", "published").Path("s", "a")));
        var drafts = world.Host.Get<WorkflowDraftService>();
        await drafts.SaveAsync(world.Owner, app.Id, Content(new TestGraph().Answer("a", "draft").Path("s", "a")), cancellationToken: Stop);
        var versionId = await drafts.SnapshotAsync(world.Owner, app.Id, Stop);
        var chat = world.Host.Get<ChatService>();
        var member = new ChatAudience { WorkspaceId = app.WorkspaceId, AppId = app.Id, AccountId = world.Owner.AccountId, InvokeFrom = "debugger" };
        var ann = member with
        {
            AccountId = null,
            EndUserId = (await world.Host.Get<ConversationService>().GetEndUserAsync(app.WorkspaceId, app.Id, "browser", "ann", Stop)).Id,
            InvokeFrom = "web-app",
        };

        var tried = await (await chat.StartAsync(new ChatRequest { Audience = member, Query = "x", VersionId = versionId }, Stop)).Completion;
        var used = await (await chat.StartAsync(new ChatRequest { Audience = ann, Query = "x", VersionId = versionId }, Stop)).Completion;

        Assert.Equal(("draft", "published"), (tried.Answer, used.Answer));
        await using var db = await world.Host.Get<IDbContextFactory<DifyDbContext>>().CreateDbContextAsync(Stop);
        Assert.Equal([2, 2], await db.WorkflowRuns.Where(r => r.AppId == app.Id && r.FinishedAt != null).Select(r => r.TotalSteps).ToListAsync(Stop));
        Assert.Equal(4, await db.NodeExecutions.CountAsync(Stop));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_turn_that_asks_a_person_waits_and_goes_on_with_what_was_said_before(DatabaseKind kind)
    {
        await using var world = await ChatWorld.CreateAsync(kind: kind, stop: Stop);
        var form = JsonNode.Parse("""
            {"delivery_methods": [{"id": "w", "type": "webapp", "enabled": true}], "form_content": "Sure? {{#$output.why#}}",
             "inputs": [{"type": "text_input", "output_variable_name": "why"}],
             "user_actions": [{"id": "yes", "title": "Yes", "button_style": "primary"}], "timeout": 3, "timeout_unit": "day"}
            """)!.AsObject();
        var graph = new TestGraph().Model("m", "Ask.").Answer("a1", "{{#m.text#}} ").Node("h", "human-input", form).Answer("a2", "{{#h.why#}}")
            .Path("s", "m", "a1", "h").Edge("h", "a2", "yes");
        var client = await AddAsync(world, Content(graph));
        world.Model.OnChat = _ => new FakeOpenAiReply("Really?");

        var events = await StreamAsync(client, "Go", stop: Stop);
        Assert.Equal(["human_input_required", "workflow_paused"], events.Select(e => (string)e["event"]!).TakeLast(2));
        var messageId = events.Select(e => (string?)e["message_id"]).OfType<string>().First();
        var paused = await world.MessageAsync(messageId, Stop);
        Assert.Equal((MessageStatus.Paused, "Really? "), (paused.Status, paused.Answer));

        var token = (string)events.Single(e => (string)e["event"]! == "human_input_required")["data"]!["form_token"]!;
        using var submitted = await client.PostAsJsonAsync(
            $"/v1/form/human_input/{token}", new { inputs = new { why = "Because." }, action = "yes", user = "ann" }, Stop);
        Assert.Equal(200, (int)submitted.StatusCode);
        Message done;
        do
        {
            await Task.Delay(20, Stop);
            done = await world.MessageAsync(messageId, Stop);
        }
        while (done.Status is MessageStatus.Paused or MessageStatus.Running);

        Assert.Equal((MessageStatus.Normal, "Really? Because."), (done.Status, done.Answer));
        Assert.Single(world.Model.Chats);
    }

    [Fact]
    public async Task The_console_tries_the_draft_of_a_chatflow_and_of_nothing_else()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var app = await CreateAsync(world, Content(new TestGraph().Answer("a", "published").Path("s", "a")));
        await world.Host.Get<WorkflowDraftService>().SaveAsync(
            world.Owner, app.Id, Content(new TestGraph().Answer("a", "draft of {{#sys.query#}}").Path("s", "a")), cancellationToken: Stop);
        using var login = await world.Client.PostAsJsonAsync("/console/api/login", new { email = "owner@example.com", password = "passw0rd1" }, Stop);
        using var client = world.ClientOf((string)(await ChatWorld.ReadAsync(login, Stop))["data"]!["access_token"]!);

        using var answer = await client.PostAsJsonAsync($"/console/api/apps/{app.Id}/advanced-chat/workflows/draft/run", new { query = "Hi", inputs = new { } }, Stop);
        var events = ChatWorld.ParseEvents(await answer.Content.ReadAsStringAsync(Stop)).ToList();
        using var wrong = await client.PostAsJsonAsync($"/console/api/apps/{world.App.Id}/advanced-chat/workflows/draft/run", new { query = "Hi" }, Stop);

        Assert.Equal("draft of Hi", string.Concat(events.Select(e => (string?)e["answer"])));
        Assert.Equal("workflow_finished", (string)events[^1]["event"]!);
        Assert.Equal("not_chat_app", (string)(await ChatWorld.ReadAsync(wrong, Stop))["code"]!);
    }

    [Fact]
    public async Task A_running_answer_with_a_journal_is_not_ended_as_silent()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        var client = await AddAsync(world, Content(Graph().Edge("s", "m").Edge("m", "a")));
        var sent = await SendAsync(client, "Hello", stop: Stop);
        var runId = Guid.Parse((string)sent["task_id"]!);
        await using var db = await world.Host.Get<IDbContextFactory<DifyDbContext>>().CreateDbContextAsync(Stop);
        await db.Messages.Where(m => m.RunId == runId).ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, MessageStatus.Running), Stop);
        await db.WorkflowRuns.Where(r => r.Id == runId).ExecuteUpdateAsync(set => set.SetProperty(r => r.Status, RunStatus.Running), Stop);
        var upkeep = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<ChatUpkeep>(world.Host.Services);

        Assert.Equal(0, await upkeep.EndSilentAsync(DateTimeOffset.MaxValue, Stop));
        await db.WorkflowRuns.Where(r => r.Id == runId).ExecuteUpdateAsync(set => set.SetProperty(r => r.Status, RunStatus.Failed), Stop);
        Assert.Equal(1, await upkeep.EndSilentAsync(DateTimeOffset.MaxValue, Stop));
    }

    private static TestGraph Graph() => new TestGraph().Model("m", "Be nice.").Answer("a", "{{#m.text#}}, dear.");

    private static WorkflowContent Content(TestGraph graph) => new() { Graph = graph.ToJson() };

    private static async Task<App> CreateAsync(ChatWorld world, WorkflowContent content)
    {
        var apps = world.Host.Get<AppService>();
        var app = await apps.CreateAsync(world.Owner, new NewApp("Flow", AppMode.AdvancedChat), Stop);
        await world.Host.Get<WorkflowDraftService>().SaveAsync(world.Owner, app.Id, content, cancellationToken: Stop);
        return await apps.PublishAsync(world.Owner, app.Id, Stop);
    }

    private static async Task<HttpClient> AddAsync(ChatWorld world, WorkflowContent content)
    {
        var app = await CreateAsync(world, content);
        var (_, token) = await world.Host.Get<ApiKeyService>().CreateAsync(world.Owner, ApiKeyKind.App, app.Id, Stop);
        return world.ClientOf(token);
    }

    private static async Task<JsonObject> SendAsync(HttpClient client, string query, string? conversation = null, CancellationToken stop = default)
    {
        using var answer = await client.PostAsJsonAsync("/v1/chat-messages", ChatWorld.Body(query, "ann", "blocking", conversation), stop);
        return await ChatWorld.ReadAsync(answer, stop);
    }

    private static async Task<List<JsonObject>> StreamAsync(HttpClient client, string query, CancellationToken stop)
    {
        using var answer = await client.PostAsJsonAsync("/v1/chat-messages", ChatWorld.Body(query, "ann", "streaming"), stop);
        return [.. ChatWorld.ParseEvents(await answer.Content.ReadAsStringAsync(stop))];
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string path, CancellationToken stop)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), stop);
        return await ChatWorld.ReadAsync(answer, stop);
    }

    private static async Task<JsonObject> PutAsync(HttpClient client, string path, JsonNode value)
    {
        using var answer = await client.PutAsJsonAsync(new Uri(path, UriKind.Relative), new JsonObject { ["user"] = "ann", ["value"] = value }, Stop);
        return await ChatWorld.ReadAsync(answer, Stop);
    }
}
