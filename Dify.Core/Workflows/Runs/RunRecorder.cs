using System.Text.Json.Nodes;
using Dify.Core.Storage;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Runs;

/// <summary>
/// Listens to one run and keeps its log. By itself it writes nothing before the end: whoever runs the graph stages the
/// rows in the transaction that stores the outcome. With a <see cref="RunJournal"/> rows are stored on the way.
/// </summary>
public sealed class RunRecorder
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, NodeExecution> _nodes = [];
    private readonly HashSet<Guid> _recorded = [];
    private readonly double _earlierSeconds;
    private readonly long _startedAt;
    private int _finished;
    private readonly RunSecrets? _secrets;
    private readonly Func<string, string>? _seal;

    /// <param name="inputs">What the caller gave; kept as it is now.</param>
    public RunRecorder(RunContext context, JsonObject inputs, TimeProvider time)
        : this(RowOf(context, inputs, time), [], null, null, time)
    {
    }

    /// <param name="earlier">What earlier lives of the run have stored.</param>
    /// <param name="secrets">To be masked; null: none.</param>
    /// <param name="seal">Encrypts what a life to come needs unmasked.</param>
    internal RunRecorder(
        WorkflowRun run, IReadOnlyList<NodeExecution> earlier, RunSecrets? secrets, Func<string, string>? seal, TimeProvider time)
    {
        Run = run;
        _time = time;
        _secrets = secrets;
        _seal = seal;
        _startedAt = time.GetTimestamp();
        _earlierSeconds = run.ElapsedSeconds;
        run.TotalTokens = 0;
        foreach (var node in earlier)
        {
            _nodes[node.Id] = node;
            _recorded.Add(node.Id);
            run.TotalTokens += TokensOf(node);
            _finished = Math.Max(_finished, node.FinishedAs);
        }
    }

    public WorkflowRun Run { get; }

    /// <summary>In the order of starting.</summary>
    public IReadOnlyCollection<NodeExecution> Nodes
    {
        get
        {
            lock (_lock)
            {
                return [.. _nodes.Values];
            }
        }
    }

    /// <summary>Seconds that the run has worked in all of its lives.</summary>
    internal double ElapsedSeconds => _earlierSeconds + _time.GetElapsedTime(_startedAt).TotalSeconds;

    internal DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>To be called with every event of the run, in order.</summary>
    public void Observe(GraphEvent happened)
    {
        switch (happened)
        {
            case NodeRunStarted started:
                Start(started);
                break;
            case NodeRunRetry retry:
                if (Find(retry.ExecutionId) is { FinishedAt: null } tried)
                {
                    tried.Retries = retry.RetryIndex;
                }

                break;
            case NodeRunSucceeded ended:
                End(ended.ExecutionId, ended.Result, ended.FinishedAt);
                break;
            case NodeRunException ended:
                End(ended.ExecutionId, ended.Result, ended.FinishedAt);
                break;
            case NodeRunFailed ended:
                End(ended.ExecutionId, ended.Result, ended.FinishedAt);
                break;
            case GraphRunSucceeded ended:
                Run.ExceptionsCount = ended.ExceptionsCount;
                Run.Outputs = StoredJson.Write(ended.Outputs, _secrets);
                Finish(ended.ExceptionsCount > 0 ? RunStatus.PartialSucceeded : RunStatus.Succeeded, null, null);
                break;
            case GraphRunFailed ended:
                Run.ExceptionsCount = ended.ExceptionsCount;
                Finish(RunStatus.Failed, ended.Error, ended.ErrorCode);
                break;
            case GraphRunAborted ended:
                Run.Outputs = StoredJson.Write(ended.Outputs, _secrets);
                Finish(RunStatus.Stopped, ended.Reason, null);
                break;
            case GraphRunPaused ended:
                Run.Outputs = StoredJson.Write(ended.Outputs, _secrets);
                Finish(RunStatus.Paused, null, null);
                Run.FinishedAt = null;
                Run.PauseReasons = WritePauses(ended.Reasons);
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
        foreach (var node in Nodes)
        {
            db.Entry(node).State = EntityState.Added;
        }
    }

    /// <summary>The row of a node that has ended, whether or not its events have been seen; null when it is stored already.</summary>
    internal NodeExecution? Record(string path, FinishedNode finished, GraphDefinition graph)
    {
        lock (_lock)
        {
            if (!_recorded.Add(finished.ExecutionId))
            {
                return null;
            }

            if (!_nodes.TryGetValue(finished.ExecutionId, out var node))
            {
                _nodes[finished.ExecutionId] = node = RowOf(path, finished, graph);
            }

            Fill(node, finished.Result, StoredNode.RetriesOf(finished), finished.FinishedAt, finished.Streamed);
            return node;
        }
    }

    /// <summary>Nodes that were still at work, which have no row yet.</summary>
    internal List<NodeExecution> TakeUnfinished()
    {
        lock (_lock)
        {
            var unfinished = _nodes.Values.Where(node => !_recorded.Contains(node.Id)).ToList();
            _recorded.UnionWith(unfinished.Select(node => node.Id));
            return unfinished;
        }
    }

    internal NodeExecution? Find(Guid executionId)
    {
        lock (_lock)
        {
            return _nodes.GetValueOrDefault(executionId);
        }
    }

    /// <summary>With secrets masked.</summary>
    internal JsonObject Hide(JsonObject values) => _secrets is null ? values : _secrets.Hide(values);

    internal string Hide(string text) => _secrets is null ? text : _secrets.Hide(text);

    private string WritePauses(IReadOnlyList<JsonObject> reasons) =>
        StoredJson.WriteWhole(new JsonArray([.. reasons.Select(reason => reason.DeepClone())]), _secrets, out _);

    private static WorkflowRun RowOf(RunContext context, JsonObject inputs, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(time);
        return new WorkflowRun
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

    /// <summary>Items of an iteration may tell their events only when they are done.</summary>
    private NodeExecution RowOf(string path, FinishedNode finished, GraphDefinition graph)
    {
        var place = RunPlace.Of(path, finished.NodeId, graph);
        return new NodeExecution
        {
            Id = finished.ExecutionId,
            WorkspaceId = Run.WorkspaceId,
            RunId = Run.Id,
            Index = finished.Index,
            PredecessorNodeId = finished.PredecessorNodeId,
            Path = path,
            IterationId = place.IterationId,
            IterationIndex = place.IterationIndex,
            LoopId = place.LoopId,
            LoopIndex = place.LoopIndex,
            NodeId = finished.NodeId,
            NodeType = finished.NodeType,
            Title = finished.Title,
            CreatedAt = finished.StartedAt,
        };
    }

    private void Start(NodeRunStarted started)
    {
        lock (_lock)
        {
            if (_nodes.ContainsKey(started.ExecutionId))
            {
                return;
            }

            _nodes[started.ExecutionId] = new NodeExecution
            {
                Id = started.ExecutionId,
                WorkspaceId = Run.WorkspaceId,
                RunId = Run.Id,
                Index = started.Index,
                PredecessorNodeId = started.PredecessorNodeId,
                Path = started.Path,
                IterationId = started.IterationId,
                IterationIndex = started.IterationIndex,
                LoopId = started.LoopId,
                LoopIndex = started.LoopIndex,
                NodeId = started.NodeId,
                NodeType = started.NodeType,
                Title = started.Title,
                CreatedAt = started.StartedAt,
            };
        }
    }

    private void End(Guid executionId, NodeResult result, DateTimeOffset finishedAt)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(executionId, out var node) && node.FinishedAt is null)
            {
                Fill(node, result, node.Retries, finishedAt, []);
            }
        }
    }

    private void Fill(
        NodeExecution node, NodeResult result, int retries, DateTimeOffset finishedAt, IReadOnlyList<StreamedText> streamed)
    {
        StoredNode.Fill(node, result, retries, finishedAt, streamed, _secrets, _seal);
        node.FinishedAs = ++_finished;
        Run.TotalTokens += TokensOf(node);
    }

    /// <summary>A container reports the tokens of its children, which count already.</summary>
    private static int TokensOf(NodeExecution node) =>
        node.NodeType is NodeTypes.Iteration or NodeTypes.Loop ? 0 : node.TotalTokens;

    private void Finish(RunStatus status, string? error, string? code)
    {
        Run.Status = status;
        Run.Error = StoredJson.Clean(error is not null && _secrets is not null ? _secrets.Hide(error) : error);
        Run.ErrorCode = code;
        Run.TotalSteps = Nodes.Count;
        Run.ElapsedSeconds = ElapsedSeconds;
        Run.FinishedAt = _time.GetUtcNow();
    }
}
