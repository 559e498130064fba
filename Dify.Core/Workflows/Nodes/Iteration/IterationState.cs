using System.Text.Json.Nodes;
using Dify.Core.Workflows.Containers;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Iteration;

/// <summary>How far one execution of an iteration has come.</summary>
internal sealed class IterationState(NodeRun run, IterationSettings settings, JsonArray items, TimeProvider time)
{
    private readonly Dictionary<string, JsonNode?> _conversation = new(StringComparer.Ordinal);
    private readonly JsonObject _durations = [];
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public NodeRun Run => run;

    public IterationSettings Settings => settings;

    public JsonArray Items => items;

    public List<JsonNode?> Results { get; set; } = [];

    public ChildUsage Usage { get; } = new();

    /// <summary>Set when an item has ended the iteration.</summary>
    public string? Error { get; set; }

    public string? ErrorCode { get; set; }

    public bool IsPaused { get; set; }

    /// <summary>Takes over what an item leaves behind: conversation variables, for the nodes that follow.</summary>
    public void Settle(ItemRun item, TimeSpan elapsed)
    {
        _durations[item.Index.ToString(System.Globalization.CultureInfo.InvariantCulture)] = elapsed.TotalSeconds;
        foreach (var (name, value) in item.Changed)
        {
            _conversation[name] = value;
            run.Variables.Set(VariablePool.Conversation, name, value);
        }
    }

    /// <summary>Decides about an item that failed.</summary>
    /// <returns>False when that ends the iteration.</returns>
    public bool GoesOn(ChildRun child)
    {
        var (error, code) = child.Failure!.Value;
        if (settings.Errors != ItemErrors.Terminate && child.Ending is GraphRunFailed)
        {
            return true;
        }

        Error = error;
        ErrorCode = code;
        return false;
    }

    public NodeRunIterationStarted Started() => new()
    {
        ExecutionId = run.ExecutionId,
        NodeId = run.Node.Id,
        NodeType = run.Node.Type,
        Title = run.Node.Title,
        Inputs = Inputs(),
        Metadata = new JsonObject { ["iteration_length"] = items.Count },
        StartedAt = _startedAt,
    };

    public NodeRunIterationNext Next(int index) => new()
    {
        ExecutionId = run.ExecutionId,
        NodeId = run.Node.Id,
        NodeType = run.Node.Type,
        Title = run.Node.Title,
        Index = index,
    };

    /// <summary>The event and the result that end the node.</summary>
    public IEnumerable<NodeOutput> Finish()
    {
        var output = settings.Collect(Results);
        var metadata = Usage.WriteTo(new JsonObject { ["iteration_duration_map"] = _durations });
        if (Error is { } error)
        {
            yield return NodeOutput.Happened(new NodeRunIterationFailed
            {
                ExecutionId = run.ExecutionId,
                NodeId = run.Node.Id,
                NodeType = run.Node.Type,
                Title = run.Node.Title,
                Inputs = Inputs(),
                Outputs = new JsonObject { ["output"] = output },
                Metadata = metadata,
                Steps = items.Count,
                Error = error,
                StartedAt = _startedAt,
                FinishedAt = time.GetUtcNow(),
            });
        }
        else
        {
            yield return NodeOutput.Happened(new NodeRunIterationSucceeded
            {
                ExecutionId = run.ExecutionId,
                NodeId = run.Node.Id,
                NodeType = run.Node.Type,
                Title = run.Node.Title,
                Inputs = Inputs(),
                Outputs = new JsonObject { ["output"] = output },
                Metadata = metadata,
                Steps = items.Count,
                StartedAt = _startedAt,
                FinishedAt = time.GetUtcNow(),
            });
        }

        yield return NodeOutput.End(new NodeResult
        {
            Status = Error is null ? NodeStatus.Succeeded : NodeStatus.Failed,
            Inputs = Inputs(),
            Outputs = Error is null ? new JsonObject { ["output"] = output.DeepClone() } : [],
            Metadata = (JsonObject)metadata.DeepClone(),
            Updates = [.. _conversation.Select(own => new VariableUpdate([VariablePool.Conversation, own.Key], own.Value))],
            Error = Error,
            ErrorType = Error is null ? null : "",
            ErrorCode = ErrorCode,
        });
    }

    private JsonObject Inputs() => new() { ["iterator_selector"] = items.DeepClone() };
}
