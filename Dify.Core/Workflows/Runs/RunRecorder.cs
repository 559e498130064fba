using System.Text.Json.Nodes;
using Dify.Core.Storage;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Runs;

/// <summary>
/// Listens to one run and keeps its log. Nothing is written before the end: whoever runs the graph stages the rows in
/// the transaction that stores the outcome.
/// </summary>
public sealed class RunRecorder
{
    private readonly TimeProvider _time;
    private readonly Dictionary<Guid, NodeExecution> _nodes = [];
    private readonly long _startedAt;

    /// <param name="inputs">What the caller gave; kept as it is now.</param>
    public RunRecorder(RunContext context, JsonObject inputs, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _startedAt = time.GetTimestamp();
        Run = new WorkflowRun
        {
            Id = context.RunId,
            WorkspaceId = context.WorkspaceId,
            AppId = context.AppId,
            InvokeFrom = context.InvokeFrom,
            UserId = context.UserId,
            Inputs = StoredJson.Write(inputs),
            CreatedAt = time.GetUtcNow(),
        };
    }

    public WorkflowRun Run { get; }

    /// <summary>In the order of starting.</summary>
    public IReadOnlyCollection<NodeExecution> Nodes => _nodes.Values;

    /// <summary>To be called with every event of the run, in order.</summary>
    public void Observe(GraphEvent happened)
    {
        switch (happened)
        {
            case NodeRunStarted started:
                Start(started);
                break;
            case NodeRunRetry retry:
                _nodes[retry.ExecutionId].Retries = retry.RetryIndex;
                break;
            case NodeRunSucceeded ended:
                End(ended.ExecutionId, ended.Result, ended.StartedAt, ended.FinishedAt);
                break;
            case NodeRunException ended:
                End(ended.ExecutionId, ended.Result, ended.StartedAt, ended.FinishedAt);
                break;
            case NodeRunFailed ended:
                End(ended.ExecutionId, ended.Result, ended.StartedAt, ended.FinishedAt);
                break;
            case GraphRunSucceeded ended:
                Run.ExceptionsCount = ended.ExceptionsCount;
                Run.Outputs = StoredJson.Write(ended.Outputs);
                Finish(ended.ExceptionsCount > 0 ? RunStatus.PartialSucceeded : RunStatus.Succeeded, null, null);
                break;
            case GraphRunFailed ended:
                Run.ExceptionsCount = ended.ExceptionsCount;
                Finish(RunStatus.Failed, ended.Error, ended.ErrorCode);
                break;
            case GraphRunAborted ended:
                Run.Outputs = StoredJson.Write(ended.Outputs);
                Finish(RunStatus.Stopped, ended.Reason, null);
                break;
        }
    }

    /// <summary>Ends the log of a run that broke off without an ending of its own.</summary>
    public void Fail(string error, string? code)
    {
        if (Run.Status == RunStatus.Running)
        {
            Finish(RunStatus.Failed, error, code);
        }
    }

    /// <summary>Stages the run and its nodes as new rows; may be called again on a fresh context when a commit is repeated.</summary>
    public void Stage(DifyDbContext db)
    {
        ArgumentNullException.ThrowIfNull(db);
        db.Entry(Run).State = EntityState.Added;
        foreach (var node in _nodes.Values)
        {
            db.Entry(node).State = EntityState.Added;
        }
    }

    private void Start(NodeRunStarted started) => _nodes[started.ExecutionId] = new NodeExecution
    {
        Id = started.ExecutionId,
        WorkspaceId = Run.WorkspaceId,
        RunId = Run.Id,
        Index = started.Index,
        PredecessorNodeId = started.PredecessorNodeId,
        NodeId = started.NodeId,
        NodeType = started.NodeType,
        Title = started.Title,
        CreatedAt = started.StartedAt,
    };

    private void End(Guid executionId, NodeResult result, DateTimeOffset startedAt, DateTimeOffset finishedAt)
    {
        var node = _nodes[executionId];
        node.Status = result.Status;
        node.Inputs = StoredJson.Write(result.Inputs);
        node.ProcessData = StoredJson.Write(result.ProcessData);
        node.Outputs = StoredJson.Write(result.Outputs);
        node.Metadata = StoredJson.Write(result.Metadata);
        node.Error = StoredJson.Clean(result.Error);
        node.ErrorType = result.ErrorType;
        node.ElapsedSeconds = (finishedAt - startedAt).TotalSeconds;
        node.FinishedAt = finishedAt;
        node.TotalTokens = result.Metadata["total_tokens"] is JsonValue tokens && tokens.TryGetValue<int>(out var count) ? count : 0;
        Run.TotalTokens += node.TotalTokens;
    }

    private void Finish(RunStatus status, string? error, string? code)
    {
        Run.Status = status;
        Run.Error = StoredJson.Clean(error);
        Run.ErrorCode = code;
        Run.TotalSteps = _nodes.Count;
        Run.ElapsedSeconds = _time.GetElapsedTime(_startedAt).TotalSeconds;
        Run.FinishedAt = _time.GetUtcNow();
    }
}
