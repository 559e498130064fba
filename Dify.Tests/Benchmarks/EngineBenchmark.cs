using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workflows.Variables;
using Dify.Tests.Workflows;
using Microsoft.Extensions.Options;

namespace Dify.Tests.Benchmarks;

/// <summary>The engine alone: no model, no store, nodes that answer at once.</summary>
internal static class EngineBenchmark
{
    private const int Pieces = 50;

    private static readonly JsonArray Thousand = new([.. Enumerable.Range(0, 1000).Select(number => (JsonNode)number)]);

    private static readonly JsonObject Case = new()
    {
        ["case_id"] = "true",
        ["logical_operator"] = "and",
        ["conditions"] = new JsonArray(new JsonObject
        {
            ["variable_selector"] = new JsonArray("s", "x"),
            ["comparison_operator"] = "contains",
            ["value"] = "hello",
        }),
    };

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var nodes = new ScriptedNodes();
        nodes.Scripts["llm"] = Talk;
        var chain = Chain(20);
        var chat = new TestGraph().Node("llm", "llm").Answer("a", "{{#llm.text#}}").Path("s", "llm", "a").Build();
        var (chainTime, chainBytes) = await MeasureAsync(nodes, chain, 2000, 1, cancellationToken);
        var (sideTime, _) = await MeasureAsync(nodes, chain, 500, 4, cancellationToken);
        var (chatTime, chatBytes) = await MeasureAsync(nodes, chat, 2000, 1, cancellationToken);
        var fans = new List<double>();
        foreach (var width in (int[])[250, 500, 1000, 2000])
        {
            // Processor time, since a figure of this size is at the mercy of what else the machine does.
            var graph = Fan(width);
            await MeasureAsync(nodes, graph, 10_000 / width, 1, cancellationToken);
            var before = Environment.CpuUsage.TotalTime;
            await MeasureAsync(nodes, graph, 40_000 / width, 1, cancellationToken);
            var spent = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / (60_000 / width);
            fans.Add(spent / (width + 3));
        }

        var (items, _) = await MeasureAsync(nodes, Items(), 5, 1, cancellationToken);
        var (diamonds, _) = await MeasureAsync(nodes, Diamonds(20), 200, 1, cancellationToken);
        var parse = Stopwatch.GetTimestamp();
        _ = Diamonds(100);
        var (parsed, together) = (Stopwatch.GetElapsedTime(parse), await TogetherAsync(nodes, chain, cancellationToken));
        var growth = await GrowthAsync(nodes, chain, cancellationToken);
        return
        [
            new Figure("chain of 20 nodes, a node", chainTime / 21, "ms", 0.1, AtMost: true),
            Figure.Note("chain of 20 nodes, four workers, a node", sideTime / 21, "ms"),
            Figure.Note("chain of 20 nodes, allocated", chainBytes / 1024, "KB"),
            Figure.Note("start, llm of 50 pieces, answer, with its log", chatTime, "ms"),
            Figure.Note("the same, allocated", chatBytes / 1024, "KB"),
            Figure.Note("fan of 250 and join, a node", fans[0], "ms"),
            new Figure("fan of 500 and join, a node, against 250", fans[1] / fans[0], "x", 2.5, AtMost: true),
            new Figure("fan of 1000 and join, a node, against 250", fans[2] / fans[0], "x", 2.5, AtMost: true),
            new Figure("fan of 2000 and join, a node, against 250", fans[3] / fans[0], "x", 2.5, AtMost: true),
            Figure.Note("iteration over 1000 items with one node, an item", items / 1000, "ms"),
            Figure.Note("20 diamonds in a row before an answer, a node", diamonds / 62, "ms"),
            Figure.Note("reading a graph of 100 diamonds", parsed.TotalMilliseconds, "ms"),
            Figure.Note("100 runs of 20 nodes at the same time", together, "ms"),
            new Figure("memory kept after 10,000 runs", growth, "MB", 2, AtMost: true),
        ];
    }

    private static async Task<double> TogetherAsync(INodeFactory nodes, GraphDefinition graph, CancellationToken cancellationToken)
    {
        var engine = new GraphEngine(nodes, TimeProvider.System, Options.Create(new EngineOptions()));
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => RunAsync(engine, graph, 1, cancellationToken), cancellationToken)));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> GrowthAsync(INodeFactory nodes, GraphDefinition graph, CancellationToken cancellationToken)
    {
        var engine = new GraphEngine(nodes, TimeProvider.System, Options.Create(new EngineOptions()));
        await RunAsync(engine, graph, 500, cancellationToken);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await RunAsync(engine, graph, 10_000, cancellationToken);
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / 1024.0;
    }

    private static async Task<(double Milliseconds, double Bytes)> MeasureAsync(
        INodeFactory nodes, GraphDefinition graph, int times, int workers, CancellationToken cancellationToken)
    {
        var options = new EngineOptions { Workers = workers, MaxSteps = 5000 };
        var engine = new GraphEngine(nodes, TimeProvider.System, Options.Create(options));
        await RunAsync(engine, graph, Math.Max(times / 2, 5), cancellationToken);
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await RunAsync(engine, graph, times, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return (elapsed.TotalMilliseconds / times, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)times);
    }

    private static async Task RunAsync(GraphEngine engine, GraphDefinition graph, int times, CancellationToken cancellationToken)
    {
        for (var i = 0; i < times; i++)
        {
            var variables = new VariablePool();
            variables.Set("s", "x", "say hello");
            variables.Set("s", "xs", Thousand);
            var context = TestRuns.Context();
            var recorder = new RunRecorder(context, new JsonObject { ["x"] = "say hello" }, TimeProvider.System);
            await foreach (var happened in engine.RunAsync(new GraphRunRequest(graph, variables, context), cancellationToken))
            {
                recorder.Observe(happened);
                if (happened is GraphRunFailed failed)
                {
                    throw new InvalidOperationException(failed.Error);
                }
            }
        }
    }

    private static GraphDefinition Chain(int length)
    {
        var graph = new TestGraph();
        var before = ("s", "source");
        for (var i = 0; i < length; i++)
        {
            var id = $"n{i}";
            graph.Edge(before.Item1, id, before.Item2);
            if (i % 2 == 0)
            {
                graph.Node(id, "template-transform");
                before = (id, "source");
            }
            else
            {
                graph.Node(id, "if-else", new JsonObject { ["cases"] = new JsonArray(Case.DeepClone()) });
                before = (id, "true");
            }
        }

        return graph.End("e", "v", "n0", "text").Edge(before.Item1, "e", before.Item2).Build();
    }

    private static GraphDefinition Fan(int width)
    {
        var graph = new TestGraph().Node("j", "code").End("e", "v", "j", "text").Path("j", "e");
        for (var i = 0; i < width; i++)
        {
            graph.Node($"n{i}", "code").Path("s", $"n{i}", "j");
        }

        return graph.Build();
    }

    private static GraphDefinition Items() =>
        new TestGraph().Iteration("it", ["s", "xs"], ["c", "text"]).Node("c", "code").End("e", "v", "it", "output")
            .Path("s", "it", "e").Path("itstart", "c").Build();

    private static GraphDefinition Diamonds(int count)
    {
        var graph = new TestGraph();
        var before = "s";
        for (var i = 0; i < count; i++)
        {
            graph.Node($"l{i}", "if-else", new JsonObject { ["cases"] = new JsonArray(Case.DeepClone()) }).Node($"r{i}", "code").Node($"j{i}", "code")
                .Edge(before, $"l{i}").Edge($"l{i}", $"j{i}", "true").Path(before, $"r{i}", $"j{i}");
            before = $"j{i}";
        }

        return graph.Answer("a", "{{#s.x#}}").Edge(before, "a").Build();
    }

    private static async IAsyncEnumerable<NodeOutput> Talk(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var i = 0; i < Pieces; i++)
        {
            await Task.Yield();
            yield return NodeOutput.Piece("text", " word");
        }

        yield return NodeOutput.Piece("text", "", isFinal: true);
        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Outputs = new JsonObject { ["text"] = "word" },
        });
    }
}
