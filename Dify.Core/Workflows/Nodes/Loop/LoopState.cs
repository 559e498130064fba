using System.Globalization;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Conditions;
using Dify.Core.Workflows.Containers;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Loop;

/// <summary>How far one execution of a loop has come.</summary>
internal sealed class LoopState
{
    private readonly NodeRun _run;
    private readonly LoopSettings _settings;
    private readonly TimeProvider _time;
    private readonly JsonObject _inputs;
    private readonly JsonObject _durations = [];
    private readonly JsonObject _rounds = [];
    private readonly Dictionary<string, JsonNode?> _conversation;
    private readonly DateTimeOffset _startedAt;
    private JsonObject _outputs = [];
    private bool _isBroken;

    /// <exception cref="NodeFailedException">A loop variable has no value to begin with.</exception>
    public LoopState(NodeRun run, LoopSettings settings, TimeProvider time)
    {
        _run = run;
        _settings = settings;
        _time = time;
        _startedAt = time.GetUtcNow();
        Count = settings.Count;
        _inputs = new JsonObject { ["loop_count"] = settings.Count };
        _conversation = run.Variables.ValuesUnder(VariablePool.Conversation).ToDictionary(StringComparer.Ordinal);
        foreach (var variable in settings.Variables)
        {
            var (type, value) = variable.Begin(run.Variables);
            run.Variables.Declare(run.Node.Id, variable.Label, type, value);
            _inputs[variable.Label] = value?.DeepClone();
        }
    }

    public ChildUsage Usage { get; } = new();

    /// <summary>Rounds at most.</summary>
    public int Count { get; private set; }

    /// <summary>The round under way, from 0.</summary>
    public int Round { get; set; }

    /// <summary>A loop that is over before its first round.</summary>
    public void BreakAtOnce()
    {
        try
        {
            _isBroken = HasToBreak();
        }
        catch (NodeFailedException)
        {
            // What a condition asks for may only come with the first round.
        }

        Count = _isBroken ? 0 : Count;
    }

    /// <summary>Takes over what a round leaves behind.</summary>
    /// <returns>Whether it was the last.</returns>
    /// <exception cref="NodeFailedException">A break condition cannot be decided.</exception>
    public bool EndRound(bool hasReachedEnd, TimeSpan elapsed)
    {
        var key = Round.ToString(CultureInfo.InvariantCulture);
        _durations[key] = elapsed.TotalSeconds;
        var values = new JsonObject();
        foreach (var variable in _settings.Variables)
        {
            values[variable.Label] = _run.Variables.TryGet([_run.Node.Id, variable.Label], out var value) ? value?.DeepClone() : null;
        }

        _rounds[key] = values;
        _outputs = (JsonObject)values.DeepClone();
        _outputs["loop_round"] = Round + 1;
        return hasReachedEnd || (_isBroken = HasToBreak());
    }

    public NodeRunLoopStarted Started() => new()
    {
        ExecutionId = _run.ExecutionId,
        NodeId = _run.Node.Id,
        NodeType = _run.Node.Type,
        Title = _run.Node.Title,
        Inputs = (JsonObject)_inputs.DeepClone(),
        Metadata = new JsonObject { ["loop_length"] = _settings.Count },
        StartedAt = _startedAt,
    };

    public NodeRunLoopNext Next() => new()
    {
        ExecutionId = _run.ExecutionId,
        NodeId = _run.Node.Id,
        NodeType = _run.Node.Type,
        Title = _run.Node.Title,
        Index = Round + 1,
        PreviousOutput = _outputs.DeepClone(),
    };

    public IEnumerable<NodeOutput> Succeed()
    {
        var metadata = Metadata(_isBroken ? "loop_break" : "loop_completed");
        yield return NodeOutput.Happened(new NodeRunLoopSucceeded
        {
            ExecutionId = _run.ExecutionId,
            NodeId = _run.Node.Id,
            NodeType = _run.Node.Type,
            Title = _run.Node.Title,
            Inputs = (JsonObject)_inputs.DeepClone(),
            Outputs = (JsonObject)_outputs.DeepClone(),
            Metadata = metadata,
            Steps = Count,
            StartedAt = _startedAt,
            FinishedAt = _time.GetUtcNow(),
        });
        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = _inputs,
            Outputs = _outputs,
            Metadata = (JsonObject)metadata.DeepClone(),
            Updates = Updates(),
        });
    }

    public IEnumerable<NodeOutput> Fail(string error, string? code)
    {
        var metadata = Metadata("error");
        yield return NodeOutput.Happened(new NodeRunLoopFailed
        {
            ExecutionId = _run.ExecutionId,
            NodeId = _run.Node.Id,
            NodeType = _run.Node.Type,
            Title = _run.Node.Title,
            Inputs = (JsonObject)_inputs.DeepClone(),
            Outputs = (JsonObject)_outputs.DeepClone(),
            Metadata = metadata,
            Steps = Round,
            Error = error,
            StartedAt = _startedAt,
            FinishedAt = _time.GetUtcNow(),
        });
        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Failed,
            Inputs = _inputs,
            Metadata = (JsonObject)metadata.DeepClone(),
            Updates = Updates(),
            Error = error,
            ErrorType = "",
            ErrorCode = code,
        });
    }

    private bool HasToBreak() => _settings.BreakConditions.Count > 0
        && ConditionEvaluator.Evaluate(_settings.BreakConditions, _settings.IsAnd, _run.Variables, []).Holds;

    private JsonObject Metadata(string reason) => Usage.WriteTo(new JsonObject
    {
        ["completed_reason"] = reason,
        ["loop_duration_map"] = _durations.DeepClone(),
        ["loop_variable_map"] = _rounds.DeepClone(),
    });

    /// <summary>Conversation variables that the rounds have changed; they are in the pool already, but not in a journal.</summary>
    private List<VariableUpdate> Updates() =>
    [
        .. _run.Variables.ValuesUnder(VariablePool.Conversation)
            .Where(own => !_conversation.TryGetValue(own.Key, out var before) || !ReferenceEquals(before, own.Value))
            .Select(own => new VariableUpdate([VariablePool.Conversation, own.Key], own.Value)),
    ];
}
