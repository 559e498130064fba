using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.Options;

namespace Dify.Tests.Workflows;

/// <summary>Runs the graph of a trace and puts what happens into the trace's words.</summary>
internal static partial class GoldenRun
{
    public static JsonObject Data(string name, GoldenTrace trace)
    {
        var data = GraphFile.Graph(GraphFile.Read(trace.GraphFile));
        if (name.Contains("llm_error_default_value", StringComparison.Ordinal))
        {
            // The recording gave the node this strategy; the file has none.
            var llm = data["nodes"]!.AsArray().Single(node => node!["id"]!.ToString() == "llm")!["data"]!;
            llm["error_strategy"] = "default-value";
            llm["default_value"] = new JsonArray(new JsonObject { ["key"] = "text", ["type"] = "string", ["value"] = "fallback response" });
        }

        return data;
    }

    public static async Task<List<GraphEvent>> RunAsync(
        string name, GoldenTrace trace, INodeFactory nodes, int workers, IRunJournal? journal, CancellationToken cancellationToken)
    {
        var graph = GraphDefinition.Parse(Data(name, trace));
        var engine = new GraphEngine(nodes, TimeProvider.System, Options.Create(new EngineOptions { Workers = workers }));
        var variables = Variables(trace, graph, GraphFile.Read(trace.GraphFile));
        return await engine
            .RunAsync(new GraphRunRequest(graph, variables, TestRuns.Context()) { Journal = journal }, cancellationToken)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Events of parallel items stand in the order of the items, since they end in any order.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<GoldenEvent> events)
    {
        var lines = new List<(GoldenEvent Event, int Block)>();
        var block = 0;
        foreach (var item in events)
        {
            block += item.Frame is null || (lines.Count > 0 && lines[^1].Event.Frame is null) ? 1 : 0;
            lines.Add((item, block));
        }

        return
        [
            .. lines.OrderBy(line => line.Block)
                .ThenBy(line => line.Event.Frame is { } frame ? int.Parse(frame[(frame.IndexOf('#', StringComparison.Ordinal) + 1)..], System.Globalization.CultureInfo.InvariantCulture) : 0)
                .Select(line => VariableId().Replace(line.Event.ToString(), "id='…'")),
        ];
    }

    public static GoldenEvent ToGolden(GraphEvent happened)
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
            Frame = node switch
            {
                { IterationId: { } id } => $"{id}#{node.IterationIndex}",
                { LoopId: { } id } => $"{id}#{node.LoopIndex}",
                _ => null,
            },
        };
        return happened switch
        {
            NodeRunStreamChunk piece => golden with { Selector = string.Join('.', piece.Selector), Chunk = piece.Chunk, IsFinal = piece.IsFinal },
            NodeRunRetry retry => golden with { RetryIndex = retry.RetryIndex },
            GraphRunSucceeded ended => golden with { Outputs = ended.Outputs, ExceptionsCount = ended.ExceptionsCount > 0 ? ended.ExceptionsCount : null },
            NodeRunIterationNext next => golden with { Index = next.Index },
            NodeRunLoopNext next => golden with { Index = next.Index },
            NodeRunIterationSucceeded ended => golden with { Outputs = ended.Outputs, Steps = ended.Steps },
            NodeRunIterationFailed ended => golden with { Outputs = ended.Outputs, Steps = ended.Steps },
            NodeRunLoopSucceeded ended => golden with { Outputs = ended.Outputs, Steps = ended.Steps, Metadata = Told(ended.Metadata) },
            NodeRunLoopFailed ended => golden with { Steps = ended.Steps, Error = ended.Error },
            _ => golden,
        };
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
            var value = item!["value"]?.DeepClone();
            variables.Declare(
                "conversation", item["name"]!.ToString(), VariableTypes.Declared(item["value_type"]!.ToString(), value), value);
        }

        return variables;
    }

    /// <summary>The recording left the durations and costs out.</summary>
    private static JsonObject Told(JsonObject metadata) => new()
    {
        ["completed_reason"] = metadata["completed_reason"]!.DeepClone(),
        ["loop_variable_map"] = metadata["loop_variable_map"]!.DeepClone(),
    };

    /// <summary>The recording left the system variables out.</summary>
    private static JsonObject WithoutSystem(JsonObject outputs) => new(outputs
        .Where(item => !item.Key.StartsWith("sys.", StringComparison.Ordinal))
        .Select(item => new KeyValuePair<string, JsonNode?>(item.Key, item.Value?.DeepClone())));

    [GeneratedRegex("id='[0-9a-f-]{36}'")]
    private static partial Regex VariableId();
}
