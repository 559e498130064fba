using System.Text.Json.Nodes;
using Dify.Tests.Chat;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class WorkflowDraftEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_edits_publishes_and_restores_a_workflow()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var console = await ConsoleClient.SignInAsync(world, Stop);
        var made = await console.SendAsync(HttpMethod.Post, "/console/api/apps", """{"name": "Flow", "mode": "workflow"}""", Stop);
        var root = $"/console/api/apps/{made["id"]}/workflows";

        var draft = await console.SendAsync(HttpMethod.Get, $"{root}/draft", null, Stop);
        Assert.Equal(("draft", "Owner"), ((string)draft["version"]!, (string)draft["created_by"]!["name"]!));
        var body = new JsonObject
        {
            ["graph"] = draft["graph"]!.DeepClone(),
            ["features"] = new JsonObject { ["unknown"] = 1 },
            ["hash"] = (string)draft["hash"]!,
            ["environment_variables"] = JsonNode.Parse("""[{"id": "k", "name": "KEY", "value_type": "secret", "value": "sk-1"}]"""),
            ["conversation_variables"] = new JsonArray(),
        };
        var saved = await console.SendAsync(HttpMethod.Post, $"{root}/draft", body.ToJsonString(), Stop);
        Assert.Equal((200, "success"), ((int)saved["http"]!, (string)saved["result"]!));
        var late = await console.SendAsync(HttpMethod.Post, $"{root}/draft", body.ToJsonString(), Stop);
        Assert.Equal((409, "draft_workflow_not_sync"), ((int)late["http"]!, (string)late["code"]!));
        var variables = await console.SendAsync(HttpMethod.Get, $"{root}/draft/environment-variables", null, Stop);
        Assert.DoesNotContain("sk-1", variables.ToJsonString(), StringComparison.Ordinal);

        var changed = await console.SendAsync(
            HttpMethod.Post, $"{root}/draft/changes",
            """
            {"revision": 1, "changes": [{"kind": "add_node", "id": "e", "value": {"data": {"type": "end", "title": "E", "outputs": []}}},
              {"kind": "add_edge", "id": "start-e", "value": {"source": "start", "target": "e"}}]}
            """,
            Stop);
        Assert.Equal((200, 2), ((int)changed["http"]!, (int)changed["revision"]!));
        var check = await console.SendAsync(HttpMethod.Get, $"{root}/draft/check", null, Stop);
        Assert.Empty(check["items"]!.AsArray());

        Assert.Equal(
            "success",
            (string)(await console.SendAsync(HttpMethod.Post, $"{root}/publish", """{"marked_name": "one"}""", Stop))["result"]!);
        var published = await console.SendAsync(HttpMethod.Get, $"{root}/publish", null, Stop);
        Assert.Equal("one", (string)published["marked_name"]!);
        await console.SendAsync(HttpMethod.Post, $"{root}/draft/features", """{"features": {"later": 1}}""", Stop);
        await console.SendAsync(HttpMethod.Post, $"{root}/publish", null, Stop);
        var list = await console.SendAsync(HttpMethod.Get, $"{root}?page=1&limit=1", null, Stop);
        Assert.Equal((1, true), (list["items"]!.AsArray().Count, (bool)list["has_more"]!));
        Assert.Single((await console.SendAsync(HttpMethod.Get, $"{root}?named_only=true", null, Stop))["items"]!.AsArray());
        Assert.Equal(403, (int)(await console.SendAsync(HttpMethod.Get, $"{root}?user_id=somebody", null, Stop))["http"]!);

        var renamed = await console.SendAsync(HttpMethod.Patch, $"{root}/{published["id"]}", """{"marked_comment": "note"}""", Stop);
        Assert.Equal(("one", "note"), ((string)renamed["marked_name"]!, (string)renamed["marked_comment"]!));
        var restored = await console.SendAsync(HttpMethod.Post, $"{root}/{published["id"]}/restore", null, Stop);
        Assert.Equal("success", (string)restored["result"]!);
        Assert.NotNull((await console.SendAsync(HttpMethod.Get, $"{root}/draft", null, Stop))["features"]!["unknown"]);
        Assert.Equal(204, (int)(await console.SendAsync(HttpMethod.Delete, $"{root}/{published["id"]}", null, Stop))["http"]!);
    }

    [Fact]
    public async Task A_draft_with_errors_is_not_published_and_the_answer_says_why()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var console = await ConsoleClient.SignInAsync(world, Stop);
        var made = await console.SendAsync(HttpMethod.Post, "/console/api/apps", """{"name": "Flow", "mode": "advanced-chat"}""", Stop);
        var root = $"/console/api/apps/{made["id"]}/workflows";
        await console.SendAsync(
            HttpMethod.Post, $"{root}/draft/changes",
            """{"revision": 0, "changes": [{"kind": "update_node", "id": "llm", "value": {"model": {"provider": "", "name": ""}}}]}""", Stop);
        var refused = await console.SendAsync(HttpMethod.Post, $"{root}/publish", "{}", Stop);
        Assert.Equal((400, "workflow_has_errors"), ((int)refused["http"]!, (string)refused["code"]!));
        Assert.Contains("'LLM': 'model' is not set.", (string)refused["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Defaults_of_node_types_are_told_and_hostile_bodies_are_refused()
    {
        await using var world = await ChatWorld.CreateAsync(stop: Stop);
        using var console = await ConsoleClient.SignInAsync(world, Stop);
        var made = await console.SendAsync(HttpMethod.Post, "/console/api/apps", """{"name": "Flow", "mode": "workflow"}""", Stop);
        var root = $"/console/api/apps/{made["id"]}/workflows";
        var code = await console.SendAsync(
            HttpMethod.Get, $"{root}/default-workflow-block-configs/code?q={Uri.EscapeDataString("""{"code_language":"javascript"}""")}", null, Stop);
        Assert.Equal("javascript", (string)code["config"]!["code_language"]!);

        (string Path, string Body)[] hostile =
        [
            ("draft", """{"graph": {"nodes": [], "nodes": []}, "features": {}}"""),
            ("draft", """{"graph": [], "features": {}}"""),
            ("draft", """{"features": {}}"""),
            ("draft", """{"graph": {}, "features": {}, "environment_variables": [5]}"""),
            ("draft/changes", """{"revision": 0, "changes": [null]}"""),
            ("draft/changes", """{"revision": 0, "changes": [{"kind": "explode", "id": "x"}]}"""),
            ("draft/changes", """{"changes": []}"""),
            ("publish", """{"marked_name": "a name that is longer than twenty"}"""),
        ];
        foreach (var (path, body) in hostile)
        {
            var answer = await console.SendAsync(HttpMethod.Post, $"{root}/{path}", body, Stop);
            Assert.Equal((400, "invalid_param"), ((int)answer["http"]!, (string)answer["code"]!));
        }

        var chat = await console.SendAsync(HttpMethod.Get, $"/console/api/apps/{world.App.Id}/workflows/draft", null, Stop);
        Assert.Equal((404, "draft_workflow_not_exist"), ((int)chat["http"]!, (string)chat["code"]!));
    }
}
