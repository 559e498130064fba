using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Runs;

public sealed class WorkflowRunTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_run_is_stored_with_its_trace_and_tells_its_events_in_order(DatabaseKind kind)
    {
        await using var world = await RunWorld.CreateAsync(kind);
        var graph = new TestGraph("topic").Node("m", "llm").End("e", "said", "m", "text").Path("s", "m", "e");

        var started = await world.StartAsync(graph, new JsonObject { ["topic"] = "tea" });
        var run = await started.Completion.WaitAsync(Stop);

        Assert.Equal((RunStatus.Succeeded, """{"said":"m"}""", 3), (run.Status, run.Outputs, run.TotalSteps));
        var stored = await world.LoadAsync(run.Id);
        Assert.Equal((RunStatus.Succeeded, run.Outputs, 3, 1), (stored.Status, stored.Outputs, stored.TotalSteps, stored.Life));
        Assert.Equal("tea", JsonNode.Parse(stored.Inputs)!["topic"]!.ToString());
        Assert.Equal(run.Id.ToString(), JsonNode.Parse(stored.Inputs)!["sys.workflow_run_id"]!.ToString());
        var nodes = await world.LoadNodesAsync(run.Id);
        Assert.Equal([("s", 1, 1, null), ("m", 2, 2, "s"), ("e", 3, 3, "m")], nodes.Select(n => (n.NodeId, n.Index, n.FinishedAs, n.PredecessorNodeId)));

        var events = await world.EventsAsync(run.Id);
        Assert.Equal(
            ["workflow_started", "node_started", "node_finished", "node_started", "node_finished", "node_started", "node_finished", "workflow_finished"],
            events.Select(e => e["event"]!.ToString()).Where(name => name != "text_chunk"));
        Assert.All(events, e => Assert.Equal((run.Id.ToString(), run.Id.ToString()), (e["task_id"]!.ToString(), e["workflow_run_id"]!.ToString())));
        var finished = events.Single(e => e["event"]!.ToString() == "node_finished" && e["data"]!["node_id"]!.ToString() == "m")["data"]!.AsObject();
        Assert.Equal(nodes[1].Id.ToString(), finished["id"]!.ToString());
        Assert.Equal(("s", 2, "succeeded"), (finished["predecessor_node_id"]!.ToString(), (int)finished["index"]!, finished["status"]!.ToString()));
        Assert.Equal("""{"text":"m"}""", finished["outputs"]!.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_run_of_twenty_fast_nodes_costs_at_most_three_transactions(DatabaseKind kind)
    {
        await using var world = await RunWorld.CreateAsync(kind);
        var request = world.Request(await world.AddVersionAsync(Chain(20, "variable-aggregator")));
        var runs = world.Get<WorkflowRunService>();
        await (await runs.StartAsync(request, Stop)).Completion.WaitAsync(Stop);
        var before = world.Get<WriteBatcher>().Commits;

        var run = await (await runs.StartAsync(request, Stop)).Completion.WaitAsync(Stop);

        Assert.InRange(world.Get<WriteBatcher>().Commits - before, 1, 3);
        Assert.Equal(RunStatus.Succeeded, run.Status);
        Assert.Equal(Enumerable.Repeat(NodeStatus.Succeeded, 22), (await world.LoadNodesAsync(run.Id)).Select(node => node.Status));
    }

    [Fact]
    public async Task What_has_finished_is_stored_before_a_node_with_effects_starts()
    {
        await using var world = await RunWorld.CreateAsync();
        List<string> seen = [];
        world.Script("b", async (run, _, _) =>
        {
            seen.AddRange((await world.LoadNodesAsync(run.Context.RunId)).Select(node => node.NodeId));
            return RunWorld.Gives("text", "b");
        });
        var graph = new TestGraph().Node("a", "llm").Node("j", "variable-aggregator").Node("b", "http-request").Path("s", "a", "j", "b");

        Assert.Equal(RunStatus.Succeeded, (await world.RunAsync(graph)).Status);
        Assert.Equal(["s", "a", "j"], seen);
    }

    [Fact]
    public async Task A_stopped_run_ends_as_stopped_with_the_node_that_was_at_work()
    {
        await using var world = await RunWorld.CreateAsync();
        var atWork = new TaskCompletionSource();
        world.Script("m", async (_, _, stop) =>
        {
            atWork.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            return default;
        });
        var started = await world.StartAsync(new TestGraph().Node("m", "llm").Path("s", "m"));
        await atWork.Task.WaitAsync(Stop);

        await world.Get<WorkflowRunService>().StopAsync(Guid.CreateVersion7(), world.App.Id, started.Id, Stop);
        Assert.False(started.Completion.IsCompleted);
        await world.Get<WorkflowRunService>().StopAsync(world.Owner.WorkspaceId, world.App.Id, started.Id, Stop);

        Assert.Equal(RunStatus.Stopped, (await started.Completion.WaitAsync(Stop)).Status);
        Assert.Equal(RunStatus.Stopped, (await world.LoadAsync(started.Id)).Status);
        Assert.Equal([("s", NodeStatus.Succeeded), ("m", NodeStatus.Stopped)], (await world.LoadNodesAsync(started.Id)).Select(n => (n.NodeId, n.Status)));
    }

    [Fact]
    public async Task Secrets_are_masked_in_the_log_and_in_events_and_still_there_for_the_next_nodes()
    {
        await using var world = await RunWorld.CreateAsync();
        const string Secret = "sk-very-secret";
        string? reached = null;
        world.Script("a", (run, _, _) => Task.FromResult(RunWorld.Gives(
            "text", $"key is {Secret}", new JsonObject { ["auth"] = new JsonArray($"Bearer {Secret}") })));
        world.Script("b", (run, _, _) =>
        {
            run.Variables.TryGet(["a", "text"], out var value);
            reached = value?.ToString();
            return Task.FromResult(RunWorld.Gives("text", "done"));
        });
        var graph = new TestGraph().Node("a", "llm").Node("b", "llm").End("e", "said", "a", "text").Path("s", "a", "b", "e");

        var run = await (await world.StartAsync(graph, secret: Secret)).Completion.WaitAsync(Stop);

        Assert.Equal($"key is {Secret}", reached);
        var rows = await world.LoadNodesAsync(run.Id);
        Assert.Contains("Bearer ********", rows[1].Inputs, StringComparison.Ordinal);
        Assert.NotNull(rows[1].SealedOutputs);
        Assert.Null(rows[2].SealedOutputs);
        var all = string.Concat(rows.Select(r => r.Inputs + r.Outputs + r.ProcessData + r.SealedOutputs))
            + (await world.LoadAsync(run.Id)).Outputs + string.Concat((await world.EventsAsync(run.Id)).Select(e => e.ToJsonString()));
        Assert.DoesNotContain(Secret, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_inputs_and_versions_of_others_are_refused_and_store_nothing()
    {
        await using var world = await RunWorld.CreateAsync();
        var version = await world.AddVersionAsync(new TestGraph("topic", required: true));
        var runs = world.Get<WorkflowRunService>();

        var missing = await Assert.ThrowsAsync<DifyException>(() => runs.StartAsync(world.Request(version), Stop));
        var foreign = await Assert.ThrowsAsync<DifyException>(
            () => runs.StartAsync(world.Request(version) with { WorkspaceId = Guid.CreateVersion7() }, Stop));

        Assert.Equal((ErrorCodes.InvalidParam, 404), (missing.Code, foreign.Status));
        Assert.Contains("topic", missing.Message, StringComparison.Ordinal);
        Assert.Empty((await world.Get<RunHistory>().ListAsync(world.Owner, world.App.Id, new RunFilter(), Stop)).Items);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task One_node_runs_with_given_values_and_the_rest_from_the_last_run(DatabaseKind kind)
    {
        await using var world = await RunWorld.CreateAsync(kind);
        world.Script("m", (run, _, _) =>
        {
            run.Variables.TryGet(["s", "topic"], out var topic);
            run.Variables.TryGet(["t", "text"], out var text);
            return Task.FromResult(RunWorld.Gives("text", $"{topic} and {text}"));
        });
        var graph = new TestGraph("topic").Node("t", "llm").Node("m", "llm", new JsonObject { ["prompt"] = "{{#s.topic#}} {{#t.text#}}" }).Path("s", "t", "m");
        await world.AddVersionAsync(graph);
        var runs = world.Get<WorkflowRunService>();
        var draft = await runs.StartDraftAsync(world.Owner, world.App.Id, new JsonObject { ["topic"] = "tea" }, cancellationToken: Stop);
        await draft.Completion.WaitAsync(Stop);

        var node = await runs.RunNodeAsync(world.Owner, world.App.Id, "m", new JsonObject { ["#s.topic#"] = "coffee" }, Stop);

        Assert.Equal((NodeStatus.Succeeded, """{"text":"coffee and t"}"""), (node.Status, node.Outputs));
        var history = world.Get<RunHistory>();
        Assert.Equal(node.Id, (await history.FindLastOfNodeAsync(world.Owner, world.App.Id, "m", Stop))!.Id);
        Assert.Null(await history.FindLastOfNodeAsync(world.Owner, world.App.Id, "x", Stop));
        var variables = await history.ReadLastVariablesAsync(world.Owner, world.App.Id, Stop);
        Assert.Equal(("tea", "coffee and t"), (variables["s"]!["topic"]!.ToString(), variables["m"]!["text"]!.ToString()));
        Assert.Equal(draft.Id.ToString(), variables["sys"]!["workflow_run_id"]!.ToString());
        var listed = await history.ListAsync(world.Owner, world.App.Id, new RunFilter(), Stop);
        Assert.Equal([draft.Id], listed.Items.Select(run => run.Id));
        Assert.Single((await history.ListAsync(world.Owner, world.App.Id, new RunFilter(RunTrigger.SingleNode), Stop)).Items);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task History_is_filtered_paged_and_kept_from_others(DatabaseKind kind)
    {
        await using var world = await RunWorld.CreateAsync(kind);
        world.Script("m", (run, _, _) =>
        {
            run.Variables.TryGet(["s", "topic"], out var topic);
            return topic!.ToString() == "bad" ? throw new NodeFailedException("no") : Task.FromResult(RunWorld.Gives("text", $"\"{topic}\" 茶"));
        });
        var graph = new TestGraph("topic").Node("m", "llm").End("e", "said", "m", "text").Path("s", "m", "e");
        var version = await world.AddVersionAsync(graph);
        var runs = world.Get<WorkflowRunService>();
        var ids = new List<Guid>();
        foreach (var topic in (string[])["one", "bad", "two", "three"])
        {
            var run = await runs.StartAsync(world.Request(version, new JsonObject { ["topic"] = topic }), Stop);
            await run.Completion.WaitAsync(Stop);
            ids.Add(run.Id);
        }

        var history = world.Get<RunHistory>();
        async Task<List<Guid>> Ids(RunFilter filter) =>
            [.. (await history.ListAsync(world.Owner, world.App.Id, filter, Stop)).Items.Select(run => run.Id)];
        Assert.Equal([ids[3], ids[2], ids[1], ids[0]], await Ids(new RunFilter()));
        Assert.Equal([ids[1]], await Ids(new RunFilter(Status: RunStatus.Failed)));
        Assert.Equal([ids[2]], await Ids(new RunFilter(Keyword: "\"two\"")));
        Assert.Empty(await Ids(new RunFilter(UserId: "somebody")));
        Assert.Equal(3, (await Ids(new RunFilter(Keyword: "茶"))).Count);
        Assert.Empty(await Ids(new RunFilter(Before: DateTimeOffset.UnixEpoch)));
        var second = await history.ListAsync(world.Owner, world.App.Id, new RunFilter(Page: 2, Limit: 3), Stop);
        Assert.Equal((4, false, ids[0]), (second.Total, second.HasMore, second.Items.Single().Id));
        var after = await history.ListAfterAsync(world.Owner, world.App.Id, new RunFilter(Limit: 2), ids[3], Stop);
        Assert.Equal((ids[2], ids[1], true), (after.Items[0].Id, after.Items[1].Id, after.HasMore));

        var stranger = world.Owner with { WorkspaceId = Guid.CreateVersion7() };
        Assert.Empty((await history.ListAsync(stranger, world.App.Id, new RunFilter(), Stop)).Items);
        Assert.Equal(404, (await Assert.ThrowsAsync<DifyException>(() => history.ListNodesAsync(stranger, world.App.Id, ids[0], Stop))).Status);
        var user = world.Owner with { Role = Role.Normal };
        Assert.Equal(403, (await Assert.ThrowsAsync<DifyException>(() => history.GetAsync(user, world.App.Id, ids[0], Stop))).Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<DifyException>(() => runs.StartDraftAsync(user, world.App.Id, [], cancellationToken: Stop))).Status);
    }

    [Fact]
    public async Task A_run_that_nobody_watches_makes_no_events()
    {
        await using var world = await RunWorld.CreateAsync();
        var version = await world.AddVersionAsync(new TestGraph());

        var run = await world.Get<WorkflowRunService>().StartAsync(world.Request(version) with { Watched = false }, Stop);
        await run.Completion.WaitAsync(Stop);

        Assert.False(await world.Get<IRunEventLog>().ExistsAsync(run.Id, Stop));
        var told = await world.Get<RunWatcher>().WatchAsync(run.Id, cancellationToken: Stop).ToListAsync(Stop);
        Assert.Equal("workflow_finished", Assert.Single(told).Name);
    }

    internal static TestGraph Chain(int length, string type)
    {
        var graph = new TestGraph();
        var before = "s";
        for (var i = 0; i < length; i++)
        {
            graph.Node($"n{i}", type, new JsonObject { ["variables"] = new JsonArray(new JsonArray("s", "x")) }).Edge(before, $"n{i}");
            before = $"n{i}";
        }

        return graph.End("e", "v", "n0", "output").Edge(before, "e");
    }
}
