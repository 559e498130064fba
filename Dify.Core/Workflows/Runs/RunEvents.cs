using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Runs;

/// <summary>An event in its wire form, as <see cref="Realtime.IRunEventLog"/> takes it.</summary>
internal readonly record struct WireEvent(string Name, string Json);

/// <summary>
/// Writes the events of a run as Dify's service API sends them (workflow_started, node_started, …). Chatflows use it
/// with common fields of their own. Secrets are masked; values longer than 200 KB are cut, and a flag says so.
/// </summary>
/// <param name="recorder">Must have observed an event before it is written.</param>
/// <param name="common">Fields that every event carries besides <c>event</c>; null: <c>task_id</c> and <c>workflow_run_id</c>.</param>
/// <param name="createdBy">Who started the run, for <c>workflow_finished</c>.</param>
internal sealed class RunEvents(RunRecorder recorder, JsonObject? common = null, JsonObject? createdBy = null)
{
    public const string WorkflowStarted = "workflow_started";
    public const string WorkflowFinished = "workflow_finished";
    public const string WorkflowPaused = "workflow_paused";
    public const string NodeStarted = "node_started";
    public const string NodeFinished = "node_finished";

    private WorkflowRun Run => recorder.Run;

    public WireEvent Started() => Write(WorkflowStarted, RunWire.Started(Run));

    /// <summary>The beginning of a run that nobody here has listened to.</summary>
    public static WireEvent Started(WorkflowRun run) => Write(WorkflowStarted, run, RunWire.Started(run));

    /// <summary>The outcome, to be told when it is stored.</summary>
    public WireEvent Finished() => Write(WorkflowFinished, RunWire.Finished(Run, createdBy));

    /// <summary>The outcome of a run that nobody here has listened to.</summary>
    public static WireEvent Finished(WorkflowRun run) =>
        Write(WorkflowFinished, run, RunWire.Finished(run, RunBeginning.Read(run.Beginning).CreatedBy));

    /// <summary>The pause, to be told when it is stored.</summary>
    public WireEvent Paused(IReadOnlyList<JsonObject> reasons) => Write(WorkflowPaused, RunWire.Paused(Run, reasons));

    /// <summary>The pause of a run that nobody here has listened to.</summary>
    public static WireEvent Paused(WorkflowRun run, IReadOnlyList<JsonObject> reasons) =>
        Write(WorkflowPaused, run, RunWire.Paused(run, reasons));

    /// <summary>An event of a run that nobody here has listened to.</summary>
    public static WireEvent Write(string name, WorkflowRun run, JsonObject data) => Write(name, data, CommonOf(run));

    /// <summary>The run ended by something that is no failure of a node; HTTP stays 200.</summary>
    public WireEvent Failed(string code, string message, int status)
    {
        var told = Head("error", common ?? CommonOf(Run));
        (told["status"], told["code"], told["message"]) = (status, code, message);
        return new WireEvent("error", told.ToJsonString(JsonDefaults.Wire));
    }

    /// <summary>Null for what has no event on the wire, for beginnings and ends, and for what an earlier life has told.</summary>
    public WireEvent? Write(GraphEvent happened) => happened.IsReplayed ? null : happened switch
    {
        NodeRunStarted { NodeType: NodeTypes.Iteration or NodeTypes.Loop } => null,
        NodeRunSucceeded { NodeType: NodeTypes.Iteration or NodeTypes.Loop } => null,
        NodeRunException { NodeType: NodeTypes.Iteration or NodeTypes.Loop } => null,
        NodeRunFailed { NodeType: NodeTypes.Iteration or NodeTypes.Loop } => null,
        NodeRunStarted node => recorder.Find(node.ExecutionId) is { } row ? Write(NodeStarted, RunWire.Started(row)) : null,
        NodeRunSucceeded or NodeRunException or NodeRunFailed =>
            recorder.Find(((NodeEvent)happened).ExecutionId) is { } row ? Write(NodeFinished, RunWire.Finished(row)) : null,
        NodeRunRetry retry => recorder.Find(retry.ExecutionId) is { } row ? Write("node_retry", RunWire.Retry(row, retry, recorder)) : null,
        NodeRunStreamChunk { Chunk.Length: > 0 } chunk => Chunk(chunk),
        NodeRunReasoningChunk chunk => Write("reasoning_chunk", new JsonObject
        {
            ["message_id"] = common?["message_id"]?.DeepClone(),
            ["reasoning"] = recorder.Hide(chunk.Chunk),
            ["node_id"] = chunk.NodeId,
            ["is_final"] = chunk.IsFinal,
        }),
        NodeRunPauseRequested pause => Required(pause),
        NodeRunHumanInputFormFilled filled => Write("human_input_form_filled", new JsonObject
        {
            ["node_id"] = filled.NodeId,
            ["node_title"] = filled.Title,
            ["rendered_content"] = recorder.Hide(filled.RenderedContent),
            ["action_id"] = filled.ActionId,
            ["action_text"] = filled.ActionText,
            ["submitted_data"] = recorder.Hide(filled.SubmittedData).DeepClone(),
        }),
        NodeRunHumanInputFormTimeout expired => Write("human_input_form_timeout", new JsonObject
        {
            ["node_id"] = expired.NodeId,
            ["node_title"] = expired.Title,
            ["expiration_time"] = expired.ExpirationTime.ToUnixTimeSeconds(),
        }),
        NodeEvent node => ContainerWire.Write(node, recorder) is { } told ? Write(told.Name, told.Data) : null,
        _ => null,
    };

    private WireEvent Chunk(NodeRunStreamChunk chunk) => Write("text_chunk", new JsonObject
    {
        ["text"] = recorder.Hide(chunk.Chunk),
        ["from_variable_selector"] = new JsonArray([.. chunk.Selector.Select(part => JsonValue.Create(part))]),
    });

    private WireEvent Required(NodeRunPauseRequested pause)
    {
        var data = recorder.Hide(pause.Reason).DeepClone().AsObject();
        data.Remove("TYPE");
        return Write("human_input_required", data);
    }

    private WireEvent Write(string name, JsonObject data) => Write(name, data, common ?? CommonOf(Run));

    private static WireEvent Write(string name, JsonObject data, JsonObject common)
    {
        var told = Head(name, common);
        told["data"] = data;
        return new WireEvent(name, told.ToJsonString(JsonDefaults.Wire));
    }

    private static JsonObject Head(string name, JsonObject common)
    {
        var told = new JsonObject { ["event"] = name };
        foreach (var (key, value) in common)
        {
            told[key] = value?.DeepClone();
        }

        return told;
    }

    private static JsonObject CommonOf(WorkflowRun run) => new() { ["task_id"] = run.Id, ["workflow_run_id"] = run.Id };
}
