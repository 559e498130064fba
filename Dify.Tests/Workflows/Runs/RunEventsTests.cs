using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Runs;
using Xunit;

namespace Dify.Tests.Workflows.Runs;

/// <summary>The events of a run in Dify's wire form, field by field.</summary>
public sealed class RunEventsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RunRecorder _recorder = new(TestRuns.Context(), [], TimeProvider.System);
    private readonly Guid _id = Guid.CreateVersion7();

    [Fact]
    public void A_node_in_an_iteration_names_its_place()
    {
        var started = Tell(Started("llm", 7) with { Path = "it#2", IterationId = "it", IterationIndex = 2 })!;
        var finished = Tell(Succeeded("llm", new JsonObject { ["total_tokens"] = 5 }))!;

        Assert.Equal(
            ["id", "node_id", "node_type", "title", "index", "predecessor_node_id", "inputs", "inputs_truncated", "created_at", "extras", "iteration_id", "loop_id"],
            started["data"]!.AsObject().Select(field => field.Key));
        Assert.Equal((7, "s", "it", null), ((int)started["data"]!["index"]!, (string)started["data"]!["predecessor_node_id"]!, (string)started["data"]!["iteration_id"]!, (string?)started["data"]!["loop_id"]));
        Assert.Equal("""{"total_tokens":5,"iteration_id":"it","iteration_index":2}""", finished["data"]!["execution_metadata"]!.ToJsonString());
        Assert.False((bool)finished["data"]!["outputs_truncated"]!);
    }

    [Fact]
    public void Long_values_are_cut_and_said_to_be()
    {
        Tell(Started("llm", 1));
        var ended = Succeeded("llm", []);
        var finished = Tell(ended with { Result = ended.Result with { Outputs = new JsonObject { ["text"] = new string('x', 300_000), ["n"] = 1 } } })!;

        Assert.True((bool)finished["data"]!["outputs_truncated"]!);
        Assert.EndsWith("characters, cut)", (string)finished["data"]!["outputs"]!["text"]!, StringComparison.Ordinal);
        Assert.Equal(1, (int)finished["data"]!["outputs"]!["n"]!);
        Assert.Contains(new string('x', 300_000), _recorder.Find(_id)!.Outputs, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_tells_its_own_events_instead_of_a_node_s()
    {
        Assert.Null(Tell(Started("iteration", 1)));
        var next = Tell(new NodeRunIterationNext { ExecutionId = _id, NodeId = "n", NodeType = "iteration", Title = "N", Index = 0 })!;
        var done = Tell(new NodeRunIterationFailed
        {
            ExecutionId = _id, NodeId = "n", NodeType = "iteration", Title = "N", Inputs = [], Steps = 3, Error = "no",
            Outputs = new JsonObject { ["output"] = new JsonArray(1) }, Metadata = new JsonObject { ["total_tokens"] = 4 },
            StartedAt = Now, FinishedAt = Now.AddSeconds(2),
        })!;

        Assert.Equal(("iteration_next", 0), ((string)next["event"]!, (int)next["data"]!["index"]!));
        Assert.Equal(
            ("iteration_completed", "failed", "no", 2.0, 4, 3),
            ((string)done["event"]!, (string)done["data"]!["status"]!, (string)done["data"]!["error"]!, (double)done["data"]!["elapsed_time"]!,
                (int)done["data"]!["total_tokens"]!, (int)done["data"]!["steps"]!));
        Assert.Null(Tell(Succeeded("iteration", [])));
    }

    [Fact]
    public void A_retry_counts_from_zero_and_what_is_told_again_is_not_told()
    {
        Tell(Started("llm", 1));
        var retry = Tell(new NodeRunRetry
        {
            ExecutionId = _id, NodeId = "n", NodeType = "llm", Title = "N", RetryIndex = 1,
            Result = new NodeResult { Status = NodeStatus.Failed, Error = "busy" },
        })!;

        Assert.Equal(("node_retry", "retry", "busy", 0), ((string)retry["event"]!, (string)retry["data"]!["status"]!, (string)retry["data"]!["error"]!, (int)retry["data"]!["retry_index"]!));
        Assert.Null(Tell(Succeeded("llm", []) with { IsReplayed = true }));
    }

    [Fact]
    public void A_chatflow_has_common_fields_of_its_own()
    {
        var common = new JsonObject { ["task_id"] = "t", ["message_id"] = "m", ["workflow_run_id"] = "r" };
        var events = new RunEvents(_recorder, common);
        var told = events.Write(new NodeRunReasoningChunk { ExecutionId = _id, NodeId = "n", NodeType = "llm", Title = "N", Chunk = "hm", IsFinal = true });

        Assert.Equal(
            """{"event":"reasoning_chunk","task_id":"t","message_id":"m","workflow_run_id":"r","data":{"message_id":"m","reasoning":"hm","node_id":"n","is_final":true}}""",
            told!.Value.Json);
    }

    private JsonObject? Tell(GraphEvent happened)
    {
        _recorder.Observe(happened);
        return new RunEvents(_recorder).Write(happened) is { } told ? JsonNode.Parse(told.Json)!.AsObject() : null;
    }

    private NodeRunStarted Started(string type, int index) => new()
    {
        ExecutionId = _id, NodeId = "n", NodeType = type, Title = "N", Index = index, PredecessorNodeId = "s", StartedAt = Now,
    };

    private NodeRunSucceeded Succeeded(string type, JsonObject metadata) => new()
    {
        ExecutionId = _id, NodeId = "n", NodeType = type, Title = "N", StartedAt = Now, FinishedAt = Now.AddSeconds(1),
        Result = new NodeResult { Status = NodeStatus.Succeeded, Metadata = metadata },
    };
}
