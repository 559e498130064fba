using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.Options;
using Xunit;

namespace Dify.Tests.Workflows;

/// <summary>
/// Graphs that show one rule each. Codes give their id as <c>text</c>, models say it letter by letter, <c>bad…</c> fails,
/// <c>flaky</c> fails twice first.
/// </summary>
public sealed class SmallGraphTests
{
    private static readonly Dictionary<string, (Action<TestGraph> Build, string Ending)> Graphs = new()
    {
        ["two ends"] = (graph => graph.Node("a", "code").Node("b", "code").End("e1", "same", "a", "text").End("e2", "same", "b", "text")
            .Path("s", "a", "e1", "b", "e2"), """{"same":"b"} 0 ab"""),
        ["retry, then success"] = (graph => graph.Node("flaky", "http-request", Retry(2)).End("e", "v", "flaky", "text")
            .Path("s", "flaky", "e"), """{"v":"flaky"} 2 flaky"""),
        ["retries used up, default value"] = (graph => graph.Node("bad", "http-request", Retry(2, "default-value")).End("e", "v", "bad", "text")
            .Path("s", "bad", "e"), """{"v":"D"} 3 D"""),
        ["no edge for else"] = (graph => graph.Node("if", "if-else", Case("z")).End("e", "v", "s", "x")
            .Edge("s", "if").Edge("if", "e", "true"), "{} 0 "),
        ["fed by a node that is never reached"] = (graph => graph.Node("lost", "code").End("e", "v", "s", "x")
            .Path("s", "e").Path("lost", "e"), "{} 0 a"),
        ["success of a fail branch goes by source"] = (graph => graph.Node("c", "code", FailBranch()).End("e", "v", "c", "text")
            .Edge("s", "c").Edge("c", "e", "success-branch"), "{} 0 "),
        ["fail branch"] = (graph => graph.Node("bad", "code", FailBranch()).End("good", "v", "bad", "text").End("e", "v", "bad", "error_type")
            .Edge("s", "bad").Edge("bad", "good").Edge("bad", "e", "fail-branch"), """{"v":"CodeNodeError"} 1 CodeNodeError"""),
        ["join of a taken and a skipped branch"] = (graph => graph.Node("if", "if-else", Case("a")).Node("t", "code").Node("f", "code")
            .Node("j", "code").End("e", "v", "f", "text").Edge("s", "if").Edge("if", "t", "true").Edge("if", "f", "false").Path("t", "j").Path("f", "j", "e"),
            """{"v":null} 0 """),
        ["answers in branches"] = (graph => graph.Node("if", "if-else", Case("a")).Node("m", "llm").Answer("t", "yes {{#m.text#}}").Answer("f", "no")
            .Answer("z", "!").Edge("s", "if").Edge("if", "m", "true").Path("m", "t", "z").Edge("if", "f", "false").Path("f", "z"),
            """{"answer":"yes m!","files":[]} 0 yes m!"""),
        ["skipped and missing references"] = (graph => graph.Node("if", "if-else", Case("a")).Node("b", "code").Answer("t", "[{{#b.text#}}] {{#no.where#}} end")
            .Edge("s", "if").Edge("if", "t", "true").Edge("if", "b", "false"), """{"answer":"[b.text] no.where end","files":[]} 0 [] """),
        ["a model twice in one answer"] = (graph => graph.Node("mm", "llm").Answer("a", "{{#mm.text#}} / {{#mm.text#}}").Path("s", "mm", "a"),
            """{"answer":"mm / mm","files":[]} 0 mm / """),
        ["models out of order"] = (graph => graph.Node("m1", "llm").Node("m2", "llm").Answer("a", "B={{#m2.text#}} A={{#m1.text#}}").Path("s", "m1", "m2", "a"),
            """{"answer":"B=m2 A=m1","files":[]} 0 B=m2 A=m1"""),
        ["an answer inside a loop"] = (graph => graph.Loop("lp", 3).Add("add", "lp", "n", 1).Node("m", "llm", In("lp")).Answer("in", "{{#m.text#}}{{#lp.n#}} ")
            .Answer("a", "{{#lp.n#}}").Path("s", "lp", "a").Path("lpstart", "m", "add", "in"), """{"answer":"m1 m2 m3 3","files":[]} 0 m1 m2 m3 3"""),
        ["an answer inside an iteration"] = (graph => graph.Iteration("it", ["s", "xs"], ["m", "text"]).Node("m", "llm").Answer("in", "{{#it.item#}}{{#m.text#}} ")
            .Answer("a", "{{#it.output#}}").Path("s", "it", "a").Path("itstart", "m", "in"), """{"answer":"- m\n- m","files":[]} 0 1m 2m - m|- m"""),
        ["an iteration in a loop in an iteration"] = (graph => graph.Iteration("it", ["s", "xs"], ["lp", "n"]).Loop("lp", 2).Add("add", "lp", "n", 2)
            .Iteration("in", ["s", "xs"], ["m", "text"]).Node("m", "llm").End("e", "o", "it", "output").Path("s", "it", "e").Path("itstart", "lp")
            .Path("lpstart", "in", "add").Path("instart", "m"), """{"o":[4,4]} 0 - 4|- 4"""),
        ["parallel items with an error each way"] = (graph => graph.Iteration("it", ["s", "xs"], ["if", "result"], Mode("continue-on-error"))
            .Node("if", "if-else", Case("z")).Node("bad", "code").Edge("itstart", "if").Edge("if", "bad", "false")
            .End("e", "o", "it", "output").Path("s", "it", "e"), """{"o":[null,null]} 0 - None|- None"""),
        ["a diamond of diamonds"] = (Diamonds, """{"answer":"done","files":[]} 0 done"""),
        ["an iteration that fails"] = (graph => graph.Iteration("it", ["s", "xs"], ["bad", "text"]).Node("bad", "code").Path("s", "it").Path("itstart", "bad"), "failed boom"),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var name in Graphs.Keys)
        {
            cases.Add(name, 1);
            cases.Add(name, 4);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_rule_holds_also_when_the_run_is_cut_after_any_node(string name, int workers)
    {
        var (journal, events) = await RunAsync(name, workers, []);

        Assert.Equal(Graphs[name].Ending, Ending(events));
        for (var kept = 1; kept <= journal.Records.Count; kept++)
        {
            var before = journal.Records.Take(kept).ToList();
            var (rest, resumed) = await RunAsync(name, workers, before);
            Assert.Equal(Ending(events), Ending(resumed));
            Assert.Empty(rest.Records.Select(Key).Intersect(before.Select(Key)));
            if (events[^1] is GraphRunSucceeded)
            {
                Assert.Equal(journal.Records.Select(Key).Order(), before.Concat(rest.Records).Select(Key).Order());
            }
        }
    }

    private static string Key((string Path, FinishedNode Finished) record) => $"{record.Path} {record.Finished.NodeId}";

    private static string Ending(List<GraphEvent> events) => events[^1] switch
    {
        GraphRunSucceeded ended => $"{ended.Outputs.ToJsonString()} {ended.ExceptionsCount} "
            + string.Concat(events.OfType<NodeRunStreamChunk>().Select(chunk => chunk.Chunk)).Replace('\n', '|'),
        GraphRunFailed failed => $"failed {failed.Error}",
        var other => other.ToString(),
    };

    private static async Task<(MemoryJournal Journal, List<GraphEvent> Events)> RunAsync(
        string name, int workers, IEnumerable<(string Path, FinishedNode Finished)> before)
    {
        var graph = new TestGraph();
        Graphs[name].Build(graph);
        var journal = new MemoryJournal(before);
        var variables = new VariablePool();
        variables.Set("s", "x", "a");
        variables.Set("s", "xs", new JsonArray(1, 2));
        var engine = new GraphEngine(new Nodes(), TimeProvider.System, Options.Create(new EngineOptions { Workers = workers }));
        var events = await engine
            .RunAsync(new GraphRunRequest(graph.Build(), variables, TestRuns.Context()) { Journal = journal }, Cancellation).ToListAsync(Cancellation);
        return (journal, events);
    }

    private static void Diamonds(TestGraph graph)
    {
        var before = "s";
        for (var i = 0; i < 20; i++)
        {
            graph.Node($"l{i}", "if-else", Case("a")).Node($"r{i}", "code").Node($"j{i}", "code")
                .Edge(before, $"l{i}").Edge($"l{i}", $"j{i}", "true").Path(before, $"r{i}", $"j{i}");
            before = $"j{i}";
        }

        graph.Answer("a", "done").Edge(before, "a");
    }

    private static JsonObject Retry(int times, string? strategy = null) => new()
    {
        ["retry_config"] = new JsonObject { ["retry_enabled"] = true, ["max_retries"] = times, ["retry_interval"] = 0 },
        ["error_strategy"] = strategy,
        ["default_value"] = new JsonArray(new JsonObject { ["key"] = "text", ["type"] = "string", ["value"] = "D" }),
    };

    private static JsonObject FailBranch() => new() { ["error_strategy"] = "fail-branch" };

    private static JsonObject In(string loop) => new() { ["loop_id"] = loop };

    private static JsonObject Mode(string mode) => new() { ["error_handle_mode"] = mode, ["is_parallel"] = true };

    private static JsonObject Case(string value) => new()
    {
        ["cases"] = new JsonArray(new JsonObject
        {
            ["case_id"] = "true", ["logical_operator"] = "and", ["conditions"] = new JsonArray(TestGraph.Condition("s", "x", "is", value)),
        }),
    };

    private sealed class Nodes : INodeFactory, INode
    {
        private int _failures;

        public INode Find(string type, string version) => RealNodes.Find(type) ?? this;

        public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
        {
            await Task.Yield();
            var id = run.Node.Id;
            if (id == "bad" || (id == "flaky" && ++_failures < 3))
            {
                throw new NodeFailedException("boom", "CodeNodeError");
            }

            foreach (var letter in run.Node.Type == "llm" ? id : "")
            {
                yield return NodeOutput.Piece("text", letter.ToString());
            }

            if (run.Node.Type == "llm")
            {
                yield return NodeOutput.Piece("text", "", isFinal: true);
            }

            yield return NodeOutput.End(new NodeResult { Status = NodeStatus.Succeeded, Outputs = new JsonObject { ["text"] = id } });
        }
    }
}
