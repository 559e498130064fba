using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine.Events;

namespace Dify.Core.Workflows.Runs;

/// <summary>The events of iterations and loops on Dify's wire; they take the place of the container's own node events.</summary>
internal static class ContainerWire
{
    public static (string Name, JsonObject Data)? Write(NodeEvent happened, RunRecorder recorder) => happened switch
    {
        NodeRunIterationStarted started => ("iteration_started", Started(started, started.Inputs, started.Metadata, recorder)),
        NodeRunLoopStarted started => ("loop_started", Started(started, started.Inputs, started.Metadata, recorder)),
        NodeRunIterationNext next => ("iteration_next", Next(next, next.Index, recorder)),
        NodeRunLoopNext next => ("loop_next", LoopNext(next, recorder)),
        NodeRunIterationSucceeded e => ("iteration_completed", Completed(
            e, e.Inputs, e.Outputs, e.Metadata, e.Steps, null, e.StartedAt, e.FinishedAt, recorder)),
        NodeRunIterationFailed e => ("iteration_completed", Completed(
            e, e.Inputs, e.Outputs, e.Metadata, e.Steps, e.Error, e.StartedAt, e.FinishedAt, recorder)),
        NodeRunLoopSucceeded e => ("loop_completed", Completed(
            e, e.Inputs, e.Outputs, e.Metadata, e.Steps, null, e.StartedAt, e.FinishedAt, recorder)),
        NodeRunLoopFailed e => ("loop_completed", Completed(
            e, e.Inputs, e.Outputs, e.Metadata, e.Steps, e.Error, e.StartedAt, e.FinishedAt, recorder)),
        _ => null,
    };

    private static JsonObject Started(NodeEvent node, JsonObject inputs, JsonObject metadata, RunRecorder recorder)
    {
        var told = Head(node, recorder);
        Put(told, "inputs", inputs, recorder);
        told["metadata"] = metadata.DeepClone();
        return told;
    }

    private static JsonObject Next(NodeEvent node, int index, RunRecorder recorder)
    {
        var told = Head(node, recorder);
        told["index"] = index;
        return told;
    }

    private static JsonObject LoopNext(NodeRunLoopNext node, RunRecorder recorder)
    {
        var told = Next(node, node.Index, recorder);
        told["pre_loop_output"] = node.PreviousOutput is JsonObject output ? recorder.Hide(output).DeepClone() : node.PreviousOutput?.DeepClone();
        return told;
    }

    private static JsonObject Completed(
        NodeEvent node, JsonObject inputs, JsonObject outputs, JsonObject metadata, int steps, string? error,
        DateTimeOffset startedAt, DateTimeOffset finishedAt, RunRecorder recorder)
    {
        var told = Head(node, recorder);
        Put(told, "outputs", outputs, recorder);
        Put(told, "inputs", inputs, recorder);
        told["created_at"] = startedAt.ToUnixTimeSeconds();
        told["status"] = error is null ? "succeeded" : "failed";
        told["error"] = error is null ? null : recorder.Hide(error);
        told["elapsed_time"] = (finishedAt - startedAt).TotalSeconds;
        told["total_tokens"] = metadata["total_tokens"]?.DeepClone() ?? 0;
        told["execution_metadata"] = metadata.DeepClone();
        told["finished_at"] = finishedAt.ToUnixTimeSeconds();
        told["steps"] = steps;
        return told;
    }

    private static JsonObject Head(NodeEvent node, RunRecorder recorder) => new()
    {
        ["id"] = node.ExecutionId,
        ["node_id"] = node.NodeId,
        ["node_type"] = node.NodeType,
        ["title"] = node.Title,
        ["created_at"] = recorder.Now.ToUnixTimeSeconds(),
        ["extras"] = new JsonObject(),
        ["iteration_id"] = node.IterationId,
        ["loop_id"] = node.LoopId,
    };

    private static void Put(JsonObject told, string name, JsonObject values, RunRecorder recorder)
    {
        var json = StoredJson.Shown(StoredJson.WriteWhole(recorder.Hide(values), null, out _));
        told[name] = StoredJson.Read(json);
        told[$"{name}_truncated"] = StoredJson.IsCut(json);
    }
}
