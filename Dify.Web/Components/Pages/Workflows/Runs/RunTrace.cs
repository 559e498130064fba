using System.Text.Json;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Runs;

namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>What is known of a run: from its live events, or from the store.</summary>
public sealed class RunTrace
{
    private readonly Dictionary<string, TraceStep> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TraceStep>> _byNode = new(StringComparer.Ordinal);

    public required Guid RunId { get; init; }

    public StepState State { get; set; } = StepState.Running;

    /// <summary>Steps of the graph itself; those of iterations and loops lie inside theirs.</summary>
    public List<TraceStep> Steps { get; } = [];

    public int StepCount => _byId.Count;

    /// <summary>JSON of what the run gave; empty until it has ended.</summary>
    public string Outputs { get; private set; } = "";

    public string Inputs { get; private set; } = "";

    public string? Error { get; private set; }

    public string? ErrorCode { get; private set; }

    public double? ElapsedSeconds { get; private set; }

    public int TotalTokens { get; private set; }

    public int TotalSteps { get; private set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>The row, once it was read.</summary>
    public WorkflowRun? Stored { get; private set; }

    /// <summary>A form that the run waits for: its token, where the page may show it.</summary>
    public List<string> FormTokens { get; } = [];

    public static RunTrace Of(WorkflowRun run, IReadOnlyList<NodeExecution> nodes)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(nodes);
        var trace = new RunTrace { RunId = run.Id };
        trace.Replace(run, nodes);
        return trace;
    }

    /// <summary>Takes everything from the store, also what this page has not seen happen.</summary>
    public void Replace(WorkflowRun run, IReadOnlyList<NodeExecution> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        _byId.Clear();
        _byNode.Clear();
        Steps.Clear();
        Take(run);
        foreach (var node in nodes.OrderBy(n => n.Index))
        {
            Add(StepOf(node, State));
        }
    }

    /// <summary>Takes the outcome over from the store; the steps stay.</summary>
    public void Take(WorkflowRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Stored = run;
        State = StepStates.Of(run.Status);
        (Inputs, Outputs, Error, ErrorCode) = (Filled(run.Inputs), Filled(run.Outputs), run.Error, run.ErrorCode);
        (TotalTokens, TotalSteps) = (run.TotalTokens, run.TotalSteps);
        ElapsedSeconds = State.IsEnd() ? run.ElapsedSeconds : null;
        (StartedAt, FinishedAt) = (run.CreatedAt, run.FinishedAt);
        if (State is StepState.Paused)
        {
            ReadForms(run.PauseReasons);
        }

        EndOpenSteps();
    }

    /// <summary>How a node stands; of many executions a running one counts, then one that failed, then the last.</summary>
    public StepState StateOf(string nodeId)
    {
        if (LastOf(nodeId) is not { } last)
        {
            return State.IsEnd() ? StepState.Skipped : StepState.Pending;
        }

        var all = _byNode[nodeId];
        return all.Find(s => s.State is StepState.Running or StepState.Paused)?.State
            ?? all.Find(s => s.State is StepState.Failed)?.State ?? last.State;
    }

    public TraceStep? LastOf(string nodeId) => _byNode.TryGetValue(nodeId, out var steps) ? steps[^1] : null;

    public int CountOf(string nodeId) => _byNode.TryGetValue(nodeId, out var steps) ? steps.Count : 0;

    /// <summary>Takes one event of the run's log.</summary>
    /// <returns>The text that it adds to the result, else null.</returns>
    public string? Apply(RunEvent happened)
    {
        using var json = JsonDocument.Parse(happened.Json);
        var data = json.RootElement.TryGetProperty("data", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : json.RootElement;
        switch (happened.Name)
        {
            case "workflow_started":
                State = StepState.Running;
                FormTokens.Clear();
                StartedAt = Time(data, "created_at") ?? StartedAt;
                Inputs = Raw(data, "inputs");
                break;
            case "node_started" or "iteration_started" or "loop_started":
                Start(data);
                break;
            case "node_retry":
                Retry(data);
                break;
            case "iteration_next" or "loop_next":
                NextRound(data);
                break;
            case "node_finished" or "iteration_completed" or "loop_completed":
                End(data);
                break;
            case "human_input_required":
                Wait(data);
                break;
            case "workflow_paused":
                State = StepState.Paused;
                break;
            case "workflow_finished":
                Finish(data);
                break;
            case "error":
                (State, Error, ErrorCode) = (StepState.Failed, Text(data, "message"), Text(data, "code"));
                EndOpenSteps();
                break;
            case "text_chunk":
                return Text(data, "text");
            case "message" or "agent_message":
                return Text(data, "answer");
        }

        return null;
    }

    /// <summary>A stored execution as a step.</summary>
    internal static TraceStep StepOf(NodeExecution node, StepState run)
    {
        var step = new TraceStep
        {
            Id = node.Id.ToString(),
            NodeId = node.NodeId,
            NodeType = node.NodeType,
            Title = node.Title,
            Index = node.Index,
            ContainerId = node.IterationId ?? node.LoopId,
            Round = node.IterationIndex ?? node.LoopIndex ?? 0,
            ParentPath = node.Path,
            StartedAt = node.CreatedAt,
        };
        step.State = StepStates.Of(node, run);
        (step.Inputs, step.ProcessData, step.Outputs) = (Filled(node.Inputs), Filled(node.ProcessData), Filled(node.Outputs));
        (step.Error, step.ErrorType, step.Retries, step.Tokens) = (node.Error, node.ErrorType, node.Retries, node.TotalTokens);
        step.ElapsedSeconds = node.FinishedAt is null ? null : node.ElapsedSeconds;
        return step;
    }

    private void Add(TraceStep step)
    {
        if (!_byId.TryAdd(step.Id, step))
        {
            return;
        }

        if (!_byNode.TryGetValue(step.NodeId, out var same))
        {
            _byNode[step.NodeId] = same = [];
        }

        same.Add(step);
        var container = ContainerOf(step);
        if (container is not null)
        {
            container.Rounds = Math.Max(container.Rounds, step.Round + 1);
        }

        (container?.Inside ?? Steps).Add(step);
    }

    /// <summary>The execution around a step: the one whose own path its path extends, else the newest.</summary>
    private TraceStep? ContainerOf(TraceStep step)
    {
        if (step.ContainerId is null || !_byNode.TryGetValue(step.ContainerId, out var candidates))
        {
            return null;
        }

        var path = step.ParentPath is { Length: > 0 } own && own.LastIndexOf('/') is > 0 and var cut ? own[..cut] : "";
        return candidates.FindLast(c => (c.ParentPath ?? "") == path) ?? candidates[^1];
    }

    private void Start(JsonElement data)
    {
        var nodeId = Text(data, "node_id") ?? "";
        var id = Text(data, "id") ?? nodeId;
        if (_byId.TryGetValue(id, out var known))
        {
            known.State = StepState.Running;
            return;
        }

        var container = Text(data, "iteration_id") ?? Text(data, "loop_id");
        Add(new TraceStep
        {
            Id = id,
            NodeId = nodeId,
            NodeType = Text(data, "node_type") ?? "",
            Title = Text(data, "title") ?? "",
            Index = Number(data, "index") ?? _byId.Count + 1,
            ContainerId = container,
            Round = RoundOf(data) ?? (container is null ? 0 : Math.Max(0, (LastOf(container)?.Rounds ?? 1) - 1)),
            ParentPath = Text(data, "path"),
            StartedAt = Time(data, "created_at") ?? StartedAt,
            Inputs = Raw(data, "inputs"),
        });
    }

    private TraceStep? Find(JsonElement data) =>
        Text(data, "id") is { } id && _byId.TryGetValue(id, out var step) ? step : LastOf(Text(data, "node_id") ?? "");

    private void Retry(JsonElement data)
    {
        if (Find(data) is { } step)
        {
            step.Retries = Math.Max(step.Retries + 1, Number(data, "retry_index") ?? 0);
            if (Text(data, "error") is { } error)
            {
                step.RetryErrors.Add(error);
            }
        }
    }

    private void NextRound(JsonElement data)
    {
        if (Find(data) is { } step && Number(data, "index") is { } index)
        {
            step.Rounds = Math.Max(step.Rounds, index + 1);
        }
    }

    private void End(JsonElement data)
    {
        if (!_byId.ContainsKey(Text(data, "id") ?? ""))
        {
            Start(data);
        }

        if (Find(data) is not { } step)
        {
            return;
        }

        step.State = StepStates.Parse(Text(data, "status"));
        step.Round = RoundOf(data) ?? step.Round;
        step.Inputs = Raw(data, "inputs") is { Length: > 0 } inputs ? inputs : step.Inputs;
        step.ProcessData = Raw(data, "process_data");
        step.Outputs = Raw(data, "outputs");
        step.Error = Text(data, "error");
        step.ElapsedSeconds = Real(data, "elapsed_time");
        step.Tokens = Number(data, "total_tokens") ?? 0;
        if (data.TryGetProperty("execution_metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object)
        {
            step.Tokens = Number(metadata, "total_tokens") ?? step.Tokens;
            step.ErrorType = Text(metadata, "error_type");
        }
    }

    private void Wait(JsonElement data)
    {
        if (LastOf(Text(data, "node_id") ?? "") is { } step)
        {
            step.State = StepState.Paused;
        }

        if (Text(data, "form_token") is { } token && !FormTokens.Contains(token))
        {
            FormTokens.Add(token);
        }
    }

    private void Finish(JsonElement data)
    {
        State = StepStates.Parse(Text(data, "status"));
        Outputs = Raw(data, "outputs");
        Error = Text(data, "error");
        ElapsedSeconds = Real(data, "elapsed_time");
        TotalTokens = Number(data, "total_tokens") ?? 0;
        TotalSteps = Number(data, "total_steps") ?? StepCount;
        FinishedAt = Time(data, "finished_at");
        EndOpenSteps();
    }

    private void ReadForms(string? reasons)
    {
        using var json = JsonDocument.Parse(reasons ?? "[]");
        foreach (var reason in json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.EnumerateArray().ToList() : [])
        {
            if (reason.ValueKind == JsonValueKind.Object)
            {
                Wait(reason);
            }
        }
    }

    /// <summary>Nothing goes on in a run that has ended.</summary>
    private void EndOpenSteps()
    {
        if (State.IsEnd())
        {
            FormTokens.Clear();
            foreach (var step in _byId.Values.Where(s => !s.State.IsEnd()))
            {
                step.State = StepState.Stopped;
            }
        }
    }

    private static int? RoundOf(JsonElement data)
    {
        foreach (var place in data.TryGetProperty("execution_metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object ? [data, metadata] : new[] { data })
        {
            if ((Number(place, "iteration_index") ?? Number(place, "loop_index")) is { } index)
            {
                return index;
            }
        }

        return null;
    }

    private static string? Text(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static double? Real(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static DateTimeOffset? Time(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static string Raw(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? Filled(value.GetRawText()) : "";

    private static string Filled(string json) => json is "{}" or "null" ? "" : json;
}
