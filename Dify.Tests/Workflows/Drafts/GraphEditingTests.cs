using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Drafts;

public sealed class GraphEditingTests
{
    private const string Graph = """
        {"nodes": [
            {"id": "a", "type": "custom", "odd": [1], "data": {"type": "start", "title": "A", "unknown": {"x": 1}}, "position": {"x": 10, "y": 20}},
            {"id": "loop", "data": {"type": "loop"}, "position": {"x": 100, "y": 100}},
            {"id": "in", "parentId": "loop", "data": {"type": "code"}},
            {"id": "z", "data": {"type": "end"}}],
         "edges": [{"id": "a-loop", "source": "a", "target": "loop", "note": "kept"}, {"id": "loop-z", "source": "loop", "target": "z"}],
         "viewport": {"x": 0, "y": 0, "zoom": 1}, "more": true}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Steps_change_what_they_name_and_nothing_else()
    {
        var graph = Apply(
            new(GraphChangeKind.UpdateNode, "a", Json("""{"title": "B", "desc": "new", "gone": null}""")),
            new(GraphChangeKind.MoveNode, "in", Json("""{"x": 1, "y": 2}""")),
            new(GraphChangeKind.AddNode, "n", Json("""{"id": "other", "data": {"type": "code"}, "custom": 1}""")),
            new(GraphChangeKind.AddEdge, "a-n", Json("""{"source": "a", "target": "n", "sourceHandle": "source"}""")),
            new(GraphChangeKind.RemoveEdge, "loop-z"),
            new(GraphChangeKind.SetViewport, "", Json("""{"x": 5, "y": 6, "zoom": 0.5}""")));

        var first = graph["nodes"]![0]!;
        Assert.Equal("""{"type":"start","title":"B","unknown":{"x":1},"desc":"new"}""", first["data"]!.ToJsonString());
        Assert.Equal("[1]", first["odd"]!.ToJsonString());
        Assert.Equal("""{"x":101,"y":102}""", graph["nodes"]![2]!["positionAbsolute"]!.ToJsonString());
        Assert.Equal(("n", 1), (graph["nodes"]![4]!["id"]!.ToString(), (int)graph["nodes"]![4]!["custom"]!));
        Assert.Equal(["a-loop", "a-n"], graph["edges"]!.AsArray().Select(edge => edge!["id"]!.ToString()));
        Assert.Equal("kept", graph["edges"]![0]!["note"]!.ToString());
        Assert.Equal(0.5, (double)graph["viewport"]!["zoom"]!);
        Assert.True((bool)graph["more"]!);
    }

    [Fact]
    public void A_removed_node_takes_its_children_and_edges_with_it_and_is_removed_once_for_all()
    {
        var graph = Apply(new(GraphChangeKind.RemoveNode, "loop"), new(GraphChangeKind.RemoveNode, "loop"), new(GraphChangeKind.RemoveEdge, "x"));
        Assert.Equal(["a", "z"], graph["nodes"]!.AsArray().Select(node => node!["id"]!.ToString()));
        Assert.Empty(graph["edges"]!.AsArray());
    }

    [Theory]
    [InlineData(GraphChangeKind.AddNode, "a", """{"data": {"type": "code"}}""")]
    [InlineData(GraphChangeKind.AddNode, "b", "{}")]
    [InlineData(GraphChangeKind.AddNode, "", """{"data": {}}""")]
    [InlineData(GraphChangeKind.UpdateNode, "none", "{}")]
    [InlineData(GraphChangeKind.UpdateNode, "a", null)]
    [InlineData(GraphChangeKind.MoveNode, "a", """{"x": 1}""")]
    [InlineData(GraphChangeKind.AddEdge, "e", """{"source": "a", "target": "none"}""")]
    [InlineData(GraphChangeKind.SetViewport, "", """{"x": 1}""")]
    [InlineData((GraphChangeKind)99, "a", null)]
    public void A_step_that_cannot_be_done_is_named(GraphChangeKind kind, string id, string? value)
    {
        var refusal = Assert.Throws<DifyException>(
            () => Apply(new(GraphChangeKind.RemoveEdge, "x"), new(kind, id, value is null ? null : Json(value))));
        Assert.StartsWith("changes[1]: ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Steps_are_stored_all_or_none_under_the_next_revision(DatabaseKind kind)
    {
        await using var world = await DraftWorld.CreateAsync(kind);
        var before = await world.Drafts.GetAsync(world.Owner, world.App.Id, Stop);
        var after = await world.Drafts.ApplyAsync(
            world.Owner, world.App.Id, before.Revision, [new(GraphChangeKind.AddNode, "end", Json("""{"data": {"type": "end"}}"""))], Stop);
        Assert.Equal(before.Revision + 1, after.Revision);
        Assert.NotEqual(before.Hash, after.Hash);
        await Assert.ThrowsAsync<DifyException>(() => world.Drafts.ApplyAsync(
            world.Owner, world.App.Id, after.Revision,
            [new(GraphChangeKind.RemoveNode, "end"), new(GraphChangeKind.UpdateNode, "none", [])], Stop));
        var stored = await world.Drafts.GetAsync(world.Owner, world.App.Id, Stop);
        Assert.Equal((after.Revision, after.Hash, 2), (stored.Revision, stored.Hash, stored.Content.Graph["nodes"]!.AsArray().Count));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Of_many_editors_at_once_one_wins_each_revision(DatabaseKind kind)
    {
        await using var world = await DraftWorld.CreateAsync(kind);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            try
            {
                await world.Drafts.ApplyAsync(
                    world.Owner, world.App.Id, 0, [new(GraphChangeKind.AddNode, $"n{i}", Json("""{"data": {"type": "code"}}"""))], Stop);
                return true;
            }
            catch (DifyException conflict) when (conflict.Code == ErrorCodes.DraftWorkflowNotSync)
            {
                return false;
            }
        }));
        Assert.Single(outcomes, won => won);
        Assert.Equal(1, (await world.Drafts.GetAsync(world.Owner, world.App.Id, Stop)).Revision);
    }

    [Fact]
    public async Task A_graph_that_is_too_large_too_deep_or_no_graph_is_refused()
    {
        await using var world = await DraftWorld.CreateAsync();
        var deep = new JsonObject();
        for (var (level, inner) = (0, deep); level < 60; level++)
        {
            inner["x"] = new JsonObject();
            inner = inner["x"]!.AsObject();
        }

        JsonObject[] hostile =
        [
            new() { ["nodes"] = new JsonArray([.. Enumerable.Range(0, 5001).Select(_ => (JsonNode)new JsonObject())]) },
            new() { ["nodes"] = "x" },
            new() { ["nodes"] = new JsonArray(), ["text"] = new string('x', 11 * 1024 * 1024) },
            deep,
            JsonSerializer.Deserialize<JsonObject>("""{"nodes": [], "a": {"b": 1, "b": 2}}""")!,
        ];
        foreach (var graph in hostile)
        {
            var refusal = await Assert.ThrowsAsync<DifyException>(() => world.Drafts.SaveAsync(
                world.Owner, world.App.Id, new WorkflowContent { Graph = graph }, cancellationToken: Stop));
            Assert.Equal(ErrorCodes.InvalidParam, refusal.Code);
        }
    }

    private static JsonObject Apply(params GraphChange[] changes)
    {
        var graph = Json(Graph);
        GraphEditing.Apply(graph, changes);
        return graph;
    }

    private static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();
}
