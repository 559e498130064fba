using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.Options;
using Xunit;

namespace Dify.Tests.Workflows;

public sealed class ContainerTests
{
    private readonly ScriptedNodes _nodes = new();
    private readonly EngineOptions _options = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("terminated", false, null, "boom 2", "[10]")]
    [InlineData("continue-on-error", false, "[10,null,30]", null, "[10,null,30]")]
    [InlineData("remove-abnormal-output", false, "[10,30]", null, "[10,30]")]
    [InlineData("terminated", true, null, "boom 2", null)]
    [InlineData("continue-on-error", true, "[10,null,30]", null, "[10,null,30]")]
    [InlineData("remove-abnormal-output", true, "[10,30]", null, "[10,30]")]
    public async Task An_item_that_fails_is_treated_by_the_mode(string mode, bool isParallel, string? output, string? error, string? told)
    {
        _nodes.Scripts["c"] = TimesTen;
        var graph = new TestGraph().Iteration("it", ["s", "xs"], ["c", "v"], Mode(mode, isParallel)).Node("c", "code").End("e", "o", "it", "output")
            .Path("s", "it", "e").Path("itstart", "c").Build();

        var events = await RunAsync(graph, ("xs", new JsonArray(1, 2, 3)));

        Assert.Equal(error, (events[^1] as GraphRunFailed)?.Error);
        Assert.Equal(output, (events[^1] as GraphRunSucceeded)?.Outputs["o"]?.ToJsonString());
        Assert.Equal(0, (events[^1] as GraphRunSucceeded)?.ExceptionsCount ?? 0);
        var outputs = events.OfType<NodeRunIterationSucceeded>().SingleOrDefault()?.Outputs
            ?? events.OfType<NodeRunIterationFailed>().Single().Outputs;
        if (told is not null)
        {
            Assert.Equal(told, outputs["output"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task A_fail_branch_inside_an_item_goes_its_own_way_and_the_run_counts_nothing()
    {
        _nodes.Scripts["c"] = TimesTen;
        var graph = new TestGraph().Iteration("it", ["s", "xs"], ["agg", "output"])
            .Node("c", "code", new JsonObject { ["error_strategy"] = "fail-branch" }).Node("bad", "code")
            .Node("agg", "variable-aggregator", new JsonObject { ["variables"] = new JsonArray(new JsonArray("c", "v"), new JsonArray("bad", "text")) })
            .End("e", "o", "it", "output").Path("s", "it", "e").Path("itstart", "c", "agg").Edge("c", "bad", "fail-branch").Edge("bad", "agg").Build();

        var ended = Assert.IsType<GraphRunSucceeded>((await RunAsync(graph, ("xs", new JsonArray(1, 2, 3))))[^1]);

        Assert.Equal("""[10,"bad",30]""", ended.Outputs["o"]!.ToJsonString());
        Assert.Equal(0, ended.ExceptionsCount);
    }

    [Theory]
    [InlineData("[[1],null,[3,[4]]]", true, "[1,3,[4]]")]
    [InlineData("[[1],null,[3,[4]]]", false, "[[1],null,[3,[4]]]")]
    [InlineData("[[1],2]", true, "[[1],2]")]
    [InlineData("[null,null]", true, "[null,null]")]
    public async Task Lists_of_lists_become_one_list_when_all_are_lists(string results, bool flatten, string expected)
    {
        var graph = new TestGraph().Iteration("it", ["s", "xs"], ["it", "item"], new JsonObject { ["flatten_output"] = flatten })
            .Node("c", "code").End("e", "o", "it", "output").Path("s", "it", "e").Path("itstart", "c").Build();

        var events = await RunAsync(graph, ("xs", JsonNode.Parse(results)!.AsArray()));

        Assert.Equal(expected, Assert.IsType<GraphRunSucceeded>(events[^1]).Outputs["o"]!.ToJsonString());
    }

    [Fact]
    public async Task No_more_items_run_at_once_than_allowed()
    {
        var running = 0;
        var most = 0;
        _nodes.Scripts["c"] = Count;
        async IAsyncEnumerable<NodeOutput> Count(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            await Task.Yield();
            Interlocked.Decrement(ref running);
            yield return Given(run.Variables.TryGet(["it", "index"], out var index) ? index!.DeepClone() : null);
        }

        var data = new JsonObject { ["is_parallel"] = true, ["parallel_nums"] = 3 };
        var graph = new TestGraph().Iteration("it", ["s", "xs"], ["c", "v"], data).Node("c", "code").End("e", "o", "it", "output")
            .Path("s", "it", "e").Path("itstart", "c").Build();

        var events = await RunAsync(graph, ("xs", new JsonArray([.. Enumerable.Range(0, 40).Select(_ => (JsonNode)"x")])));

        Assert.InRange(most, 1, 3);
        Assert.Equal(Enumerable.Range(0, 40), Assert.IsType<GraphRunSucceeded>(events[^1]).Outputs["o"]!.AsArray().Select(item => item!.GetValue<int>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_iteration_in_a_loop_in_an_iteration_knows_its_place(bool isParallel)
    {
        _nodes.Scripts["c"] = (run, _) => Once(run, ["out", "item"], ["lp", "n"], ["in", "item"]);
        var graph = new TestGraph().Iteration("out", ["s", "xs"], ["lp", "n"], new JsonObject { ["is_parallel"] = isParallel })
            .Loop("lp", 2).Iteration("in", ["s", "ys"], ["c", "v"], new JsonObject { ["is_parallel"] = isParallel }).Node("c", "code").Add("add", "lp", "n", 1)
            .End("e", "o", "out", "output").Path("s", "out", "e").Path("outstart", "lp").Path("lpstart", "in", "add").Path("instart", "c").Build();

        var events = await RunAsync(graph, ("xs", new JsonArray("a", "b")), ("ys", new JsonArray("x", "y")));

        Assert.Equal("[2,2]", Assert.IsType<GraphRunSucceeded>(events[^1]).Outputs["o"]!.ToJsonString());
        var inner = events.OfType<NodeRunSucceeded>().Where(node => node.NodeId == "c").ToList();
        Assert.Equal(
            ["out#0/lp#0/in#0 a0x", "out#0/lp#0/in#1 a0y", "out#0/lp#1/in#0 a1x", "out#0/lp#1/in#1 a1y",
                "out#1/lp#0/in#0 b0x", "out#1/lp#0/in#1 b0y", "out#1/lp#1/in#0 b1x", "out#1/lp#1/in#1 b1y"],
            inner.Select(node => $"{node.Path} {node.Result.Outputs["v"]}").Order(StringComparer.Ordinal));
        Assert.All(inner, node => Assert.Equal(("in", null, null), (node.IterationId, node.LoopId, node.LoopIndex)));
        Assert.All(events.OfType<NodeRunStarted>().Where(node => node.NodeId == "in"), node => Assert.Equal("lp", node.LoopId));
    }

    [Fact]
    public async Task A_loop_that_runs_out_tells_of_one_more_round()
    {
        var graph = new TestGraph().Loop("lp", 3).Add("add", "lp", "n", 2).End("e", "o", "lp", "n").Path("s", "lp", "e").Path("lpstart", "add").Build();

        var events = await RunAsync(graph);

        Assert.Equal([1, 2, 3], events.OfType<NodeRunLoopNext>().Select(next => next.Index));
        var ended = events.OfType<NodeRunLoopSucceeded>().Single();
        Assert.Equal("""{"n":6,"loop_round":3}""", ended.Outputs.ToJsonString());
        Assert.Equal(("loop_completed", 3), (ended.Metadata["completed_reason"]!.ToString(), ended.Steps));
    }

    [Fact]
    public async Task The_exit_ends_a_loop_after_its_round()
    {
        var graph = new TestGraph().Loop("lp", 5).Node("x", "loop-end").Add("add", "lp", "n", 1)
            .Node("if", "if-else", Case(TestGraph.Condition("lp", "n", "≥", "1"))).End("e", "o", "lp", "n")
            .Path("s", "lp", "e").Path("lpstart", "if").Edge("if", "x", "true").Edge("if", "add", "false").Edge("x", "add").Build();

        var ended = (await RunAsync(graph)).OfType<NodeRunLoopSucceeded>().Single();

        Assert.Equal("""{"n":2,"loop_round":2}""", ended.Outputs.ToJsonString());
        Assert.Equal(("loop_completed", 5), (ended.Metadata["completed_reason"]!.ToString(), ended.Steps));
    }

    [Fact]
    public async Task A_condition_that_holds_at_once_leaves_no_round()
    {
        var graph = new TestGraph().Loop("lp", 5, Breaks(TestGraph.Condition("lp", "n", "=", "0"))).Add("add", "lp", "n", 1).Path("s", "lp").Path("lpstart", "add").Build();

        var ended = (await RunAsync(graph)).OfType<NodeRunLoopSucceeded>().Single();

        Assert.Equal(("{}", 0, "loop_break"), (ended.Outputs.ToJsonString(), ended.Steps, ended.Metadata["completed_reason"]!.ToString()));
    }

    [Fact]
    public async Task A_condition_that_cannot_be_decided_counts_only_after_a_round()
    {
        var graph = new TestGraph().Loop("lp", 5, Breaks(TestGraph.Condition("nowhere", "x", "is", "1"))).Add("add", "lp", "n", 1).Path("s", "lp").Path("lpstart", "add").Build();

        var events = await RunAsync(graph);

        Assert.Equal("Variable ['nowhere', 'x'] not found", Assert.IsType<GraphRunFailed>(events[^1]).Error);
        Assert.Equal(0, events.OfType<NodeRunLoopFailed>().Single().Steps);
    }

    [Fact]
    public async Task A_round_that_fails_fails_the_loop_whose_fail_branch_goes_on()
    {
        _nodes.Scripts["c"] = (_, _) => throw new NodeFailedException("boom", "CodeNodeError");
        var graph = new TestGraph().Loop("lp", 5, new JsonObject { ["error_strategy"] = "fail-branch" }).Node("c", "code")
            .End("e", "o", "lp", "error_message").Edge("s", "lp").Edge("lp", "e", "fail-branch").Path("lpstart", "c").Build();

        var ended = Assert.IsType<GraphRunSucceeded>((await RunAsync(graph))[^1]);

        Assert.Equal(("boom", 1), (ended.Outputs["o"]!.ToString(), ended.ExceptionsCount));
    }

    [Fact]
    public async Task What_a_round_gave_is_gone_in_the_next()
    {
        var seen = new List<bool>();
        _nodes.Scripts["look"] = (run, stop) =>
        {
            seen.Add(run.Variables.TryGet(["c", "text"], out _));
            return ScriptedNodes.Give("", stop);
        };
        var inside = new JsonObject { ["loop_id"] = "lp" };
        var graph = new TestGraph().Loop("lp", 2).Node("look", "code", (JsonObject)inside.DeepClone()).Node("c", "code", inside)
            .Node("after", "code").Path("s", "lp", "after").Path("lpstart", "look", "c").Build();

        await RunAsync(graph);

        Assert.Equal([false, false], seen);
    }

    [Fact]
    public async Task A_loop_asks_for_no_more_rounds_than_allowed()
    {
        var graph = new TestGraph().Loop("lp", 101).Add("add", "lp", "n", 1).Path("s", "lp").Path("lpstart", "add").Build();

        Assert.Equal("The loop count 101 exceeds the limit of 100.", Assert.IsType<GraphRunFailed>((await RunAsync(graph))[^1]).Error);
    }

    [Fact]
    public async Task Loops_of_loops_end_by_the_limit_of_the_whole_run()
    {
        _options.MaxTotalSteps = 1000;
        var graph = new TestGraph().Path("s", "l0");
        for (var level = 0; level < 5; level++)
        {
            graph.Loop($"l{level}", 100).Path($"l{level}start", $"l{level + 1}");
        }

        var events = await RunAsync(graph.Node("l5", "code").Build());

        Assert.Contains("Maximum execution steps exceeded: 1001 > 1000", Assert.IsType<GraphRunFailed>(events[^1]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_iteration_inside_itself_ends_by_the_limit_of_nesting()
    {
        var own = new JsonObject { ["iterator_selector"] = new JsonArray("s", "xs"), ["output_selector"] = new JsonArray("s", "xs"), ["start_node_id"] = "itstart" };
        var graph = new TestGraph().Iteration("it", ["s", "xs"], ["it", "item"]).Node("in", "iteration", own).Path("s", "it").Path("itstart", "in").Build();

        var events = await RunAsync(graph, ("xs", new JsonArray(1)));

        Assert.Equal("Iterations and loops are nested deeper than 50 levels.", Assert.IsType<GraphRunFailed>(events[^1]).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_ends_what_runs_inside(bool isParallel)
    {
        using var stop = new CancellationTokenSource();
        _nodes.Scripts["c"] = Wait;
        async IAsyncEnumerable<NodeOutput> Wait(NodeRun run, [EnumeratorCancellation] CancellationToken ended)
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, ended);
            yield return Given(null);
        }

        var graph = new TestGraph().Iteration("it", ["s", "xs"], ["c", "v"], new JsonObject { ["is_parallel"] = isParallel }).Node("c", "code").Path("s", "it").Path("itstart", "c").Build();
        var variables = new VariablePool();
        variables.Set("s", "xs", new JsonArray(1, 2));

        var events = await Engine().RunAsync(new GraphRunRequest(graph, variables, TestRuns.Context()), stop.Token).ToListAsync(Cancellation);

        Assert.Equal("Aborted: User requested stop", Assert.IsType<GraphRunAborted>(events[^1]).Reason);
    }

    private static async IAsyncEnumerable<NodeOutput> TimesTen(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Yield();
        run.Variables.TryGet(["it", "item"], out var item);
        var number = item!.GetValue<int>();
        yield return number == 2 ? throw new NodeFailedException("boom 2", "CodeNodeError") : Given(number * 10);
    }

    private static async IAsyncEnumerable<NodeOutput> Once(NodeRun run, params string[][] selectors)
    {
        await Task.Yield();
        yield return Given(string.Concat(selectors.Select(selector => run.Variables.TryGet(selector, out var value) ? value!.ToString() : "-")));
    }

    private static NodeOutput Given(JsonNode? value) =>
        NodeOutput.End(new NodeResult { Status = NodeStatus.Succeeded, Outputs = new JsonObject { ["v"] = value } });

    private static JsonObject Mode(string mode, bool isParallel) => new() { ["error_handle_mode"] = mode, ["is_parallel"] = isParallel };

    private static JsonObject Breaks(JsonObject condition) =>
        new() { ["break_conditions"] = new JsonArray(condition), ["logical_operator"] = "and" };

    private static JsonObject Case(JsonObject condition) => new()
    {
        ["cases"] = new JsonArray(new JsonObject { ["case_id"] = "true", ["logical_operator"] = "and", ["conditions"] = new JsonArray(condition) }),
    };

    private GraphEngine Engine() => new(_nodes, TimeProvider.System, Options.Create(_options));

    private async Task<List<GraphEvent>> RunAsync(GraphDefinition graph, params (string Name, JsonNode Value)[] inputs)
    {
        var variables = new VariablePool();
        foreach (var (name, value) in inputs)
        {
            variables.Set("s", name, value);
        }

        return await Engine().RunAsync(new GraphRunRequest(graph, variables, TestRuns.Context()), Cancellation).ToListAsync(Cancellation);
    }
}
