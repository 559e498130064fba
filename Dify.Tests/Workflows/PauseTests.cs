using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.Options;
using Xunit;

namespace Dify.Tests.Workflows;

public sealed class PauseTests
{
    private readonly ScriptedNodes _nodes = new();
    private readonly HashSet<string> _answered = [];
    private readonly List<string> _worked = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_run_waits_for_all_who_wait_and_goes_on_behind_them(int workers)
    {
        _nodes.Scripts["h1"] = Ask;
        _nodes.Scripts["h2"] = Ask;
        _nodes.Scripts["c"] = Work;
        var graph = new TestGraph().Node("h1", "human-input").Node("h2", "human-input").Node("c", "code").Node("j", "code")
            .Answer("a", "{{#h1.text#}}{{#c.text#}}{{#h2.text#}}").Path("s", "h1").Path("s", "c", "a").Path("s", "h2")
            .Edge("h1", "j", "ok").Edge("h2", "j", "ok").Edge("j", "a").Build();

        var (first, paused) = await RunAsync(graph, workers, []);

        var ending = Assert.IsType<GraphRunPaused>(paused[^1]);
        Assert.Equal(["h1", "h2"], ending.Reasons.Select(reason => reason["of"]!.ToString()).Order());
        Assert.Equal(["h1", "h2"], paused.OfType<NodeRunPauseRequested>().Select(item => item.NodeId).Order());
        Assert.Equal(["c", "s"], first.Records.Select(item => item.Finished.NodeId).Order());

        _answered.Add(" h1");
        var (second, still) = await RunAsync(graph, workers, first.Records);
        Assert.Equal(["h2"], Assert.IsType<GraphRunPaused>(still[^1]).Reasons.Select(reason => reason["of"]!.ToString()));

        _answered.Add(" h2");
        var (_, done) = await RunAsync(graph, workers, [.. first.Records, .. second.Records]);
        Assert.Equal("h1ch2", Assert.IsType<GraphRunSucceeded>(done[^1]).Outputs["answer"]!.ToString());
        Assert.Equal(["c"], _worked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_item_that_waits_pauses_the_run_and_the_others_are_not_done_again(bool isParallel)
    {
        _nodes.Scripts["h"] = Ask;
        _nodes.Scripts["c"] = Work;
        var graph = new TestGraph().Iteration("it", ["s", "xs"], ["c", "text"], new JsonObject { ["is_parallel"] = isParallel })
            .Node("h", "human-input").Node("c", "code").End("e", "o", "it", "output").Path("s", "it", "e").Path("itstart", "h").Edge("h", "c", "ok").Build();
        _answered.Add("it#0 h");

        var (first, paused) = await RunAsync(graph, 1, []);
        Assert.Equal(isParallel ? 2 : 1, Assert.IsType<GraphRunPaused>(paused[^1]).Reasons.Count);

        _answered.UnionWith(["it#1 h", "it#2 h"]);
        var (_, done) = await RunAsync(graph, 1, first.Records);

        Assert.Equal("""["c","c","c"]""", Assert.IsType<GraphRunSucceeded>(done[^1]).Outputs["o"]!.ToJsonString());
        Assert.Equal(["it#0 c", "it#1 c", "it#2 c"], _worked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_round_that_waits_pauses_the_loop_where_it_is()
    {
        _nodes.Scripts["h"] = Ask;
        var graph = new TestGraph().Loop("lp", 3).Add("add", "lp", "n", 1).Node("h", "human-input").End("e", "o", "lp", "n")
            .Path("s", "lp", "e").Path("lpstart", "add", "h").Build();
        List<(string, FinishedNode)> records = [];
        var pauses = 0;
        GraphEvent last;
        do
        {
            var (journal, events) = await RunAsync(graph, 1, records);
            records.AddRange(journal.Records);
            last = events[^1];
            _answered.Add($"lp#{pauses++} h");
        }
        while (last is GraphRunPaused);

        Assert.Equal(4, pauses);
        Assert.Equal(3, Assert.IsType<GraphRunSucceeded>(last).Outputs["o"]!.GetValue<long>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_node_begins_when_the_journal_lets_it_and_all_events_before_were_seen(int workers)
    {
        var seen = new List<string>();
        var graph = new TestGraph().Node("a", "code").Node("b", "code").Node("c", "code").Path("s", "a", "c").Path("s", "b", "c").Build();
        var journal = new MemoryJournal();
        journal.OnStart = async node =>
        {
            await Task.Yield();
            lock (seen)
            {
                Assert.Contains($"NodeRunStarted {node.Id}", seen);
                Assert.True(node.Id != "c" || (seen.Contains("NodeRunSucceeded a") && seen.Contains("NodeRunSucceeded b")));
            }
        };

        await foreach (var happened in Engine(workers).RunAsync(
            new GraphRunRequest(graph, new VariablePool(), TestRuns.Context()) { Journal = journal }, Cancellation))
        {
            lock (seen)
            {
                seen.Add($"{happened.GetType().Name} {(happened as NodeEvent)?.NodeId}");
            }
        }

        Assert.Equal(["a", "b", "c", "s"], journal.Begun.Order());
        Assert.Equal("GraphRunSucceeded ", seen[^1]);
    }

    [Theory]
    [InlineData(1, "a")]
    [InlineData(4, "a")]
    [InlineData(1, "c")]
    [InlineData(4, "c")]
    public async Task A_journal_that_cannot_store_ends_the_run_by_its_exception(int workers, string at)
    {
        var graph = new TestGraph().Node("a", "code").Iteration("it", ["s", "xs"], ["c", "text"], new JsonObject { ["is_parallel"] = true }).Node("c", "code")
            .Path("s", "a", "it").Path("itstart", "c").Build();
        var journal = new MemoryJournal { OnStart = node => node.Id == at ? throw new InvalidOperationException("disk full") : ValueTask.CompletedTask };

        var variables = new VariablePool();
        variables.Set("s", "xs", new JsonArray(1, 2, 3));
        var problem = await Assert.ThrowsAsync<JournalFailedException>(async () => await Engine(workers)
            .RunAsync(new GraphRunRequest(graph, variables, TestRuns.Context()) { Journal = journal }, Cancellation).ToListAsync(Cancellation));

        Assert.Equal("disk full", Assert.IsType<InvalidOperationException>(problem.InnerException).Message);
    }

    [Fact]
    public async Task A_record_that_does_not_fit_the_graph_fails_the_run_with_a_reason()
    {
        var graph = new TestGraph().Node("a", "code").Node("b", "code").Path("s", "a", "b").Build();
        var (journal, _) = await RunAsync(graph, 1, []);

        var (_, events) = await RunAsync(graph, 1, journal.Records.Skip(1));

        Assert.Equal(
            "The run cannot go on: its record has a result of node a, which it had not reached.",
            Assert.IsType<GraphRunFailed>(events[^1]).Error);
    }

    private async IAsyncEnumerable<NodeOutput> Ask(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Yield();
        yield return _answered.Contains($"{run.Path} {run.Node.Id}")
            ? NodeOutput.End(new NodeResult { Status = NodeStatus.Succeeded, Outputs = new JsonObject { ["text"] = run.Node.Id }, EdgeSourceHandle = "ok" })
            : NodeOutput.Pause(new JsonObject { ["of"] = run.Node.Id });
    }

    private IAsyncEnumerable<NodeOutput> Work(NodeRun run, CancellationToken stop)
    {
        lock (_worked)
        {
            _worked.Add($"{run.Path} {run.Node.Id}".Trim());
        }

        return ScriptedNodes.Give(run.Node.Id, stop);
    }

    private GraphEngine Engine(int workers) => new(_nodes, TimeProvider.System, Options.Create(new EngineOptions { Workers = workers }));

    private async Task<(MemoryJournal Journal, List<GraphEvent> Events)> RunAsync(
        GraphDefinition graph, int workers, IEnumerable<(string Path, FinishedNode Finished)> before)
    {
        var journal = new MemoryJournal(before);
        var variables = new VariablePool();
        variables.Set("s", "xs", new JsonArray(1, 2, 3));
        var events = await Engine(workers)
            .RunAsync(new GraphRunRequest(graph, variables, TestRuns.Context()) { Journal = journal }, Cancellation).ToListAsync(Cancellation);
        return (journal, events);
    }
}
