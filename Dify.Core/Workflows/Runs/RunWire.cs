using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Runs;

/// <summary>Runs and nodes as objects of Dify's wire.</summary>
public static class RunWire
{
    /// <summary>The <c>data</c> of <c>workflow_started</c>.</summary>
    public static JsonObject Started(WorkflowRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new JsonObject
        {
            ["id"] = run.Id,
            ["workflow_id"] = run.VersionId,
            ["inputs"] = StoredJson.Read(run.Inputs),
            ["created_at"] = run.CreatedAt.ToUnixTimeSeconds(),
            ["reason"] = run.Life > 1 ? "resumption" : "initial",
        };
    }

    /// <summary>The <c>data</c> of <c>workflow_finished</c>, and of the answer to a blocking request.</summary>
    public static JsonObject Finished(WorkflowRun run, JsonObject? createdBy)
    {
        ArgumentNullException.ThrowIfNull(run);
        var outputs = StoredJson.Read(run.Outputs);
        return new JsonObject
        {
            ["id"] = run.Id,
            ["workflow_id"] = run.VersionId,
            ["status"] = run.Status.ToWire(),
            ["files"] = Files(outputs),
            ["outputs"] = outputs,
            ["error"] = run.Error,
            ["elapsed_time"] = run.ElapsedSeconds,
            ["total_tokens"] = run.TotalTokens,
            ["total_steps"] = run.TotalSteps,
            ["created_by"] = createdBy?.DeepClone() ?? new JsonObject(),
            ["created_at"] = run.CreatedAt.ToUnixTimeSeconds(),
            ["finished_at"] = run.FinishedAt?.ToUnixTimeSeconds(),
            ["exceptions_count"] = run.ExceptionsCount,
        };
    }

    /// <summary>Dify's word for the type of a value.</summary>
    public static string TypeOf(JsonNode? value) => VariableTypes.Of(value) switch
    {
        VariableType.Integer or VariableType.Float => "number",
        var type => type.ToWire(),
    };

    /// <summary>The <c>data</c> of <c>workflow_paused</c>, with the reasons that are stored.</summary>
    public static JsonObject Paused(WorkflowRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Paused(run, [.. StoredJson.ReadList(run.PauseReasons ?? "[]").OfType<JsonObject>()]);
    }

    /// <summary>The <c>data</c> of <c>workflow_paused</c>.</summary>
    public static JsonObject Paused(WorkflowRun run, IReadOnlyList<JsonObject> reasons)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new JsonObject
        {
            ["workflow_run_id"] = run.Id,
            ["paused_nodes"] = new JsonArray([.. reasons.Select(reason => reason["node_id"]?.DeepClone()).Where(id => id is not null)]),
            ["outputs"] = StoredJson.Read(run.Outputs),
            ["reasons"] = new JsonArray([.. reasons.Select(reason => reason.DeepClone())]),
            ["status"] = run.Status.ToWire(),
            ["created_at"] = run.CreatedAt.ToUnixTimeSeconds(),
            ["elapsed_time"] = run.ElapsedSeconds,
            ["total_tokens"] = run.TotalTokens,
            ["total_steps"] = run.TotalSteps,
        };
    }

    /// <summary>The <c>data</c> of <c>node_started</c>.</summary>
    public static JsonObject Started(NodeExecution node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new JsonObject
        {
            ["id"] = node.Id,
            ["node_id"] = node.NodeId,
            ["node_type"] = node.NodeType,
            ["title"] = node.Title,
            ["index"] = node.Index,
            ["predecessor_node_id"] = node.PredecessorNodeId,
            ["inputs"] = null,
            ["inputs_truncated"] = false,
            ["created_at"] = node.CreatedAt.ToUnixTimeSeconds(),
            ["extras"] = new JsonObject(),
            ["iteration_id"] = node.IterationId,
            ["loop_id"] = node.LoopId,
        };
    }

    /// <summary>The <c>data</c> of <c>node_finished</c>; values that are too long are cut.</summary>
    public static JsonObject Finished(NodeExecution node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var shown = StoredJson.Shown(node.Outputs);
        var outputs = StoredJson.Read(shown);
        return new JsonObject
        {
            ["id"] = node.Id,
            ["node_id"] = node.NodeId,
            ["node_type"] = node.NodeType,
            ["title"] = node.Title,
            ["index"] = node.Index,
            ["predecessor_node_id"] = node.PredecessorNodeId,
            ["inputs"] = StoredJson.Read(node.Inputs),
            ["inputs_truncated"] = StoredJson.IsCut(node.Inputs),
            ["process_data"] = StoredJson.Read(node.ProcessData),
            ["process_data_truncated"] = StoredJson.IsCut(node.ProcessData),
            ["files"] = Files(outputs),
            ["outputs"] = outputs,
            ["outputs_truncated"] = StoredJson.IsCut(shown),
            ["status"] = node.Status.ToWire(),
            ["error"] = node.Error,
            ["elapsed_time"] = node.ElapsedSeconds,
            ["execution_metadata"] = Metadata(node),
            ["created_at"] = node.CreatedAt.ToUnixTimeSeconds(),
            ["finished_at"] = node.FinishedAt?.ToUnixTimeSeconds(),
            ["extras"] = new JsonObject(),
            ["iteration_id"] = node.IterationId,
            ["loop_id"] = node.LoopId,
        };
    }

    internal static JsonObject Retry(NodeExecution node, NodeRunRetry retry, RunRecorder recorder)
    {
        var told = Finished(node);
        told["inputs"] = recorder.Hide(retry.Result.Inputs).DeepClone();
        told["process_data"] = recorder.Hide(retry.Result.ProcessData).DeepClone();
        told["outputs"] = recorder.Hide(retry.Result.Outputs).DeepClone();
        told["status"] = "retry";
        told["error"] = retry.Result.Error is { } error ? recorder.Hide(error) : null;
        told["elapsed_time"] = (recorder.Now - node.CreatedAt).TotalSeconds;
        told["finished_at"] = recorder.Now.ToUnixTimeSeconds();
        told["retry_index"] = retry.RetryIndex - 1;
        return told;
    }

    /// <summary>What the node reports of itself, and the round that it belongs to.</summary>
    public static JsonObject Metadata(NodeExecution node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var metadata = StoredJson.Read(node.Metadata);
        if (node.IterationId is { } iteration)
        {
            (metadata["iteration_id"], metadata["iteration_index"]) = (iteration, node.IterationIndex);
        }

        if (node.LoopId is { } loop)
        {
            (metadata["loop_id"], metadata["loop_index"]) = (loop, node.LoopIndex);
        }

        return metadata;
    }

    /// <summary>Files among the outputs, one level deep as Dify looks.</summary>
    public static JsonArray Files(JsonObject outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var files = new JsonArray();
        foreach (var (_, value) in outputs)
        {
            foreach (var candidate in value is JsonArray list ? list : (IEnumerable<JsonNode?>)[value])
            {
                if (FileValues.IsFile(candidate))
                {
                    files.Add(candidate!.DeepClone());
                }
            }
        }

        return files;
    }
}
