using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dify.Tests.Workflows;

public sealed class GraphEngineTests
{
    private readonly ScriptedNodes _nodes = new();
    private readonly FakeTimeProvider _time = new();
    private readonly EngineOptions _options = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stop_in_the_middle_keeps_what_was_streamed()
    {
        using var stop = new CancellationTokenSource();
        _nodes.Scripts["m"] = TalkForEver;
        var graph = new TestGraph().Node("m", "llm").Answer("a", "So: {{#m.text#}}").Path("s", "m", "a").Build();

        var text = "";
        GraphEvent? last = null;
        await foreach (var happened in Engine().RunAsync(Request(graph), stop.Token))
        {
            text += (happened as NodeRunStreamChunk)?.Chunk;
            last = happened;
            if (text.Length > 8)
            {
                await stop.CancelAsync();
            }
        }

        Assert.StartsWith("So: word word", text, StringComparison.Ordinal);
        Assert.Equal("Aborted: User requested stop", Assert.IsType<GraphRunAborted>(last).Reason);
    }

    [Fact]
    public async Task A_node_that_breaks_because_of_the_stop_does_not_make_the_run_failed()
    {
        using var stop = new CancellationTokenSource();
        _nodes.Scripts["m"] = (_, _) =>
        {
            stop.Cancel();
            throw new NodeFailedException("connection lost", "InvokeConnectionError");
        };

        var events = await Engine()
            .RunAsync(Request(new TestGraph().Node("m", "llm").Path("s", "m").Build()), stop.Token).ToListAsync(Cancellation);

        Assert.IsType<GraphRunAborted>(events[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_run_that_takes_too_long_is_aborted(int workers)
    {
        _options.Workers = workers;
        _nodes.Scripts["m"] = (_, stop) =>
        {
            _time.Advance(TimeSpan.FromSeconds(1201));
            return TalkForEver(null!, stop);
        };

        var events = await RunAsync(new TestGraph().Node("m", "llm").Path("s", "m").Build());

        Assert.Equal("Aborted: Maximum execution time exceeded: 1201.00s > 1200s", Assert.IsType<GraphRunAborted>(events[^1]).Reason);
    }

    [Fact]
    public async Task The_501st_node_is_not_started()
    {
        var graph = new TestGraph();
        var ids = Enumerable.Range(1, 500).Select(number => $"n{number}").ToArray();
        foreach (var id in ids)
        {
            graph.Node(id, "code");
        }

        var events = await RunAsync(graph.Path(["s", .. ids]).Build());

        Assert.Equal(500, events.OfType<NodeRunStarted>().Count());
        Assert.Equal("Aborted: Maximum execution steps exceeded: 501 > 500", Assert.IsType<GraphRunAborted>(events[^1]).Reason);
    }

    [Fact]
    public async Task A_failed_node_waits_and_tries_again_with_one_start_and_one_id()
    {
        var attempts = 0;
        _nodes.Scripts["m"] = (_, stop) => ++attempts < 3 ? throw new InvalidOperationException($"no {attempts}") : ScriptedNodes.Give("yes", stop);
        var graph = new TestGraph().Node("m", "llm", Retry(3, 1000)).End("e", "v", "m", "text").Path("s", "m", "e").Build();

        var running = RunAsync(graph);
        while (!running.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        var events = await running;
        var retries = events.OfType<NodeRunRetry>().ToList();
        Assert.Equal([("no 1", 1), ("no 2", 2)], retries.Select(retry => (retry.Result.Error!, retry.RetryIndex)));
        var started = Assert.Single(events.OfType<NodeRunStarted>(), started => started.NodeId == "m");
        Assert.All(retries, retry => Assert.Equal(started.ExecutionId, retry.ExecutionId));
        var ended = Assert.IsType<GraphRunSucceeded>(events[^1]);
        Assert.Equal(2, ended.ExceptionsCount);
        Assert.Equal("yes", ended.Outputs["v"]!.ToString());
    }

    [Fact]
    public async Task Types_without_retry_ignore_their_retry_settings()
    {
        _nodes.Scripts["t"] = (_, _) => throw new InvalidOperationException("no");
        var events = await RunAsync(new TestGraph().Node("t", "template-transform", Retry(3, 0)).Path("s", "t").Build());

        Assert.Empty(events.OfType<NodeRunRetry>());
        Assert.Equal("no", Assert.IsType<GraphRunFailed>(events[^1]).Error);
    }

    [Theory]
    [InlineData(true, "bad", "boom")]
    [InlineData(false, "good", "m")]
    public async Task A_fail_branch_takes_one_of_two_ways(bool fails, string taken, string value)
    {
        if (fails)
        {
            _nodes.Scripts["m"] = (_, _) => throw new NodeFailedException("boom", "CodeNodeError");
        }

        var graph = new TestGraph().Node("m", "code", new JsonObject { ["error_strategy"] = "fail-branch" })
            .End("good", "v", "m", "text").End("bad", "v", "m", "error_message")
            .Edge("s", "m").Edge("m", "good").Edge("m", "bad", "fail-branch").Build();

        var events = await RunAsync(graph);

        var ended = Assert.IsType<GraphRunSucceeded>(events[^1]);
        Assert.Equal(value, ended.Outputs["v"]!.ToString());
        Assert.Equal(fails ? 1 : 0, ended.ExceptionsCount);
        Assert.Equal(taken, Assert.Single(events.OfType<NodeRunSucceeded>(), node => node.NodeType == "end").NodeId);
    }

    [Fact]
    public async Task Default_values_have_their_declared_types()
    {
        _nodes.Scripts["m"] = (_, _) => throw new NodeFailedException("boom", "CodeNodeError");
        var graph = new TestGraph().Node("m", "code", new JsonObject
        {
            ["error_strategy"] = "default-value",
            ["default_value"] = new JsonArray(
                new JsonObject { ["key"] = "n", ["type"] = "number", ["value"] = "2" },
                new JsonObject { ["key"] = "o", ["type"] = "object", ["value"] = "{\"a\": [1]}" },
                new JsonObject { ["key"] = "t", ["type"] = "string", ["value"] = "2" }),
        }).Path("s", "m").Build();

        var events = await RunAsync(graph);

        var outputs = Assert.Single(events.OfType<NodeRunException>()).Result.Outputs;
        Assert.Equal(
            """{"n":2.0,"o":{"a":[1]},"t":"2","error_message":"boom","error_type":"CodeNodeError"}""", outputs.ToJsonString());
        Assert.Equal(VariableType.Float, VariableTypes.Of(outputs["n"]));
    }

    [Fact]
    public async Task Several_workers_run_branches_side_by_side_with_the_same_outputs()
    {
        _options.Workers = 3;
        var both = new TaskCompletionSource();
        var waiting = 0;
        foreach (var id in (string[])["a", "b"])
        {
            _nodes.Scripts[id] = Meet;
        }

        async IAsyncEnumerable<NodeOutput> Meet(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
        {
            if (Interlocked.Increment(ref waiting) == 2)
            {
                both.SetResult();
            }

            await both.Task.WaitAsync(stop);
            await foreach (var output in ScriptedNodes.Give(run.Node.Id, stop))
            {
                yield return output;
            }
        }

        var graph = new TestGraph().Node("a", "code").Node("b", "code").Answer("r", "{{#b.text#}}{{#a.text#}}")
            .Path("s", "a", "r").Path("s", "b", "r").Build();

        var ended = Assert.IsType<GraphRunSucceeded>((await RunAsync(graph))[^1]);

        Assert.Equal("ba", ended.Outputs["answer"]!.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_join_of_a_thousand_branches_runs_once(int workers)
    {
        _options.Workers = workers;
        _options.MaxSteps = 2000;
        var graph = new TestGraph().Node("j", "code").End("e", "v", "j", "text").Path("j", "e");
        for (var i = 0; i < 1000; i++)
        {
            graph.Node($"n{i}", "code").Path("s", $"n{i}", "j");
        }

        var events = await RunAsync(graph.Build());

        Assert.Single(events.OfType<NodeRunStarted>(), started => started.NodeId == "j");
        Assert.Equal(1003, events.OfType<NodeRunSucceeded>().Count());
    }

    [Fact]
    public async Task Paths_that_multiply_do_not_slow_the_start()
    {
        // 60 diamonds in a row have 2^60 paths.
        var graph = new TestGraph().Answer("a", "done");
        var before = "s";
        for (var i = 0; i < 60; i++)
        {
            graph.Node($"l{i}", "code").Node($"r{i}", "code").Node($"j{i}", "code")
                .Path(before, $"l{i}", $"j{i}").Path(before, $"r{i}", $"j{i}");
            before = $"j{i}";
        }

        Assert.IsType<GraphRunSucceeded>((await RunAsync(graph.Edge(before, "a").Build()))[^1]);
    }

    [Fact]
    public async Task An_unknown_node_type_fails_the_run_before_anything_starts()
    {
        var events = await RunAsync(new TestGraph().Node("x", "unknown").Path("s", "x").Build());

        Assert.Equal("No class mapping found for node type: unknown", Assert.IsType<GraphRunFailed>(events[^1]).Error);
        Assert.Empty(events.OfType<NodeRunStarted>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Whoever_stops_listening_ends_the_nodes(int workers)
    {
        _options.Workers = workers;
        var ended = new TaskCompletionSource();
        _nodes.Scripts["m"] = (run, stop) =>
        {
            stop.Register(ended.SetResult);
            return TalkForEver(run, stop);
        };
        var graph = new TestGraph().Node("m", "llm").Answer("a", "{{#m.text#}}").Path("s", "m", "a").Build();

        await foreach (var happened in Engine().RunAsync(Request(graph), Cancellation))
        {
            if (happened is NodeRunStreamChunk)
            {
                break;
            }
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    private static async IAsyncEnumerable<NodeOutput> TalkForEver(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var first = true; ; first = false)
        {
            stop.ThrowIfCancellationRequested();
            yield return NodeOutput.Piece("text", first ? "word" : " word");
            await Task.Yield();
        }
    }

    private static JsonObject Retry(int times, int milliseconds) => new()
    {
        ["retry_config"] = new JsonObject { ["retry_enabled"] = true, ["max_retries"] = times, ["retry_interval"] = milliseconds },
    };

    private static GraphRunRequest Request(GraphDefinition graph) => new(graph, new VariablePool(), TestRuns.Context());

    private GraphEngine Engine() => new(_nodes, _time, Options.Create(_options));

    private async Task<List<GraphEvent>> RunAsync(GraphDefinition graph) =>
        await Engine().RunAsync(Request(graph), Cancellation).ToListAsync(Cancellation);
}
