using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;
using Dify.Tests.Support;
using Microsoft.Extensions.Options;
using Xunit;

namespace Dify.Tests.Workflows;

public class GoldenTraceTests
{
    /// <summary>Iterations and loops run graphs of their own, which the engine does not have yet.</summary>
    private static readonly string[] Containers = ["iter", "loop", "update-conversation-variable-in-iteration", "search_dify"];

    public static TheoryData<string> Traces()
    {
        var names = new TheoryData<string>();
        foreach (var folder in (string[])["micro", "upstream"])
        {
            var path = Path.Combine(SharedFolder.Root, "golden", folder);
            var files = Directory.Exists(path) ? Directory.GetFiles(path, "*.trace.txt") : [];
            foreach (var file in files.Order(StringComparer.Ordinal))
            {
                if (!Containers.Any(word => Path.GetFileName(file).Contains(word, StringComparison.Ordinal)))
                {
                    names.Add($"{folder}/{Path.GetFileName(file)}");
                }
            }
        }

        if (names.Count == 0)
        {
            names.Add("micro/no_end.trace.txt");
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public async Task One_worker_gives_the_recorded_events_in_the_recorded_order(string name)
    {
        var trace = GoldenTrace.Read(SharedFolder.PathOf("golden/" + name));
        var file = GraphFile.Read(trace.GraphFile);
        if (trace.BuildError is not null)
        {
            Assert.Equal(trace.BuildError, Assert.Throws<DifyException>(() => GraphDefinition.Parse(GraphFile.Graph(file))).Message);
            return;
        }

        var data = GraphFile.Graph(file);
        if (name.Contains("llm_error_default_value", StringComparison.Ordinal))
        {
            // The recording gave the node this strategy; the file has none.
            var llm = data["nodes"]!.AsArray().Single(node => node!["id"]!.ToString() == "llm")!["data"]!;
            llm["error_strategy"] = "default-value";
            llm["default_value"] = new JsonArray(new JsonObject { ["key"] = "text", ["type"] = "string", ["value"] = "fallback response" });
        }

        var graph = GraphDefinition.Parse(data);
        var engine = new GraphEngine(new TraceNodes(trace), TimeProvider.System, Options.Create(new EngineOptions()));
        var seen = new List<string>();
        await foreach (var happened in engine.RunAsync(
            new GraphRunRequest(graph, Variables(trace, graph, file), TestRuns.Context()), TestContext.Current.CancellationToken))
        {
            seen.Add(ToGolden(happened).ToString());
        }

        Assert.Equal(trace.Events.Select(item => item.ToString()), seen);
    }

    private static VariablePool Variables(GoldenTrace trace, GraphDefinition graph, JsonObject file)
    {
        var variables = new VariablePool();
        variables.Set("sys", "query", trace.Query);
        variables.Set("sys", "files", new JsonArray());
        foreach (var (key, value) in trace.Inputs)
        {
            variables.Set(graph.Root.Id, key, value?.DeepClone());
        }

        foreach (var item in file["workflow"]?["conversation_variables"]?.AsArray() ?? [])
        {
            variables.Set("conversation", item!["name"]!.ToString(), item["value"]?.DeepClone());
        }

        return variables;
    }

    private static GoldenEvent ToGolden(GraphEvent happened)
    {
        var node = happened as NodeEvent;
        var result = happened switch
        {
            NodeRunSucceeded ended => ended.Result,
            NodeRunFailed ended => ended.Result,
            NodeRunException ended => ended.Result,
            NodeRunRetry ended => ended.Result,
            _ => null,
        };
        var golden = new GoldenEvent
        {
            Name = happened switch
            {
                GraphRunSucceeded { ExceptionsCount: > 0 } => "GraphRunPartialSucceededEvent",
                _ => happened.GetType().Name + "Event",
            },
            NodeId = node?.NodeId,
            NodeType = node?.NodeType,
            Error = result?.Error ?? (happened as GraphRunFailed)?.Error,
            Outputs = happened is NodeRunSucceeded or NodeRunException ? WithoutSystem(result!.Outputs) : null,
            Handle = result is { EdgeSourceHandle: not "source" } ? result.EdgeSourceHandle : null,
        };
        return happened switch
        {
            NodeRunStreamChunk piece => golden with { Selector = string.Join('.', piece.Selector), Chunk = piece.Chunk, IsFinal = piece.IsFinal },
            NodeRunRetry retry => golden with { RetryIndex = retry.RetryIndex },
            GraphRunSucceeded ended => golden with { Outputs = ended.Outputs, ExceptionsCount = ended.ExceptionsCount > 0 ? ended.ExceptionsCount : null },
            _ => golden,
        };
    }

    /// <summary>The recording left the system variables out.</summary>
    private static JsonObject WithoutSystem(JsonObject outputs) => new(outputs
        .Where(item => !item.Key.StartsWith("sys.", StringComparison.Ordinal))
        .Select(item => new KeyValuePair<string, JsonNode?>(item.Key, item.Value?.DeepClone())));
}
