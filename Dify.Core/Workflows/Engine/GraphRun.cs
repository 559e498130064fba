using System.Globalization;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Engine;

/// <summary>
/// The state of one run of one graph. Used by one dispatcher only: it tells what happened, and takes the events that
/// follow.
/// </summary>
internal sealed class GraphRun
{
    private readonly Queue<GraphEvent> _events = new();
    private readonly Guid[] _executionIds;
    private readonly ResponseStream _stream;
    private readonly Dictionary<string, JsonNode?> _outputs = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _pauses = [];
    private readonly long _startedAt;
    private GraphEvent? _ending;
    private bool _isReplaying;
    private bool _isPaused;
    private int _starts;
    private int _exceptions;

    /// <param name="frame">The item or round that the graph runs for; null for the run itself.</param>
    public GraphRun(RunScope scope, GraphDefinition graph, VariablePool variables, RunFrame? frame)
    {
        Scope = scope;
        Graph = graph;
        Variables = variables;
        Frame = frame;
        _startedAt = scope.Time.GetTimestamp();
        _executionIds = new Guid[graph.Nodes.Count];
        Traversal = new Traversal(graph);
        _stream = new ResponseStream(this, graph.Streaming);
    }

    public RunScope Scope { get; }

    public GraphDefinition Graph { get; }

    public VariablePool Variables { get; }

    public RunFrame? Frame { get; }

    public string Path => Frame?.Path ?? "";

    public Traversal Traversal { get; }

    /// <summary>Failed or aborted: no further node starts.</summary>
    public bool HasEnded => _ending is not null;

    public void Emit(GraphEvent happened)
    {
        if (Frame is { } frame && happened is NodeEvent inside)
        {
            happened = frame.Mark(inside);
        }

        _events.Enqueue(_isReplaying && !happened.IsReplayed ? happened with { IsReplayed = true } : happened);
    }

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out GraphEvent? happened) =>
        _events.TryDequeue(out happened);

    /// <summary>Whether a node of this graph will not run; of nodes around it nothing is known here.</summary>
    public bool IsSkipped(NodeDefinition node) => Graph.Holds(node) && Traversal.IsSkipped(node.Index);

    /// <summary>Each node of a graph runs at most once, so its execution can be named before it starts.</summary>
    public Guid ExecutionIdOf(NodeDefinition node)
    {
        if (!Graph.IndexOf.TryGetValue(node.Id, out var index))
        {
            return Frame is { Parent: var parent } ? parent.ExecutionIdOf(node) : Guid.Empty;
        }

        if (_executionIds[index] == Guid.Empty)
        {
            _executionIds[index] = Guid.CreateVersion7(Scope.Time.GetUtcNow());
        }

        return _executionIds[index];
    }

    public void Begin()
    {
        Emit(new GraphRunStarted { IsResumption = FinishedBefore().Count > 0 });
        foreach (var node in Frame is null ? Graph.Nodes : [])
        {
            if (!NodeTypes.IsContainerStart(node.Type) && Scope.Nodes.Find(node.Type, node.Version) is null)
            {
                Fail($"No class mapping found for node type: {node.Type}", null);
                return;
            }
        }

        Traversal.Begin();
        _isReplaying = FinishedBefore().Count > 0;
        if (NodeTypes.IsContainerStart(Graph.Root.Type))
        {
            // The first node inside a container does nothing and is not told of.
            _ = Traversal.TryDequeue(out _, out _);
            _starts++;
            Follow(Graph.Root, "source");
        }
    }

    /// <summary>What earlier lives of the run have done in this graph, in order.</summary>
    public IReadOnlyList<FinishedNode> FinishedBefore() => Scope.Journal?.FinishedIn(Path) ?? [];

    /// <summary>Begins to tell again of a node that has finished in an earlier life; null when it cannot have.</summary>
    public NodeExecution? StartFinished(FinishedNode finished)
    {
        if (!Graph.IndexOf.TryGetValue(finished.NodeId, out var index) || !Traversal.TryDequeue(index, out var fromEdge))
        {
            Fail($"The run cannot go on: its record has a result of node {finished.NodeId}, which it had not reached.", null);
            return null;
        }

        _starts++;
        _executionIds[index] = finished.ExecutionId;
        return Start(Graph.Nodes[index], fromEdge, finished.Index, finished.StartedAt, isReplay: true);
    }

    public void OnFinishedBefore(NodeExecution execution, FinishedNode finished)
    {
        foreach (var (name, text, isClosed) in finished.Streamed)
        {
            var whole = text ?? VariableText.Render(finished.Result.Outputs[name], RenderMode.Text);
            _stream.OnPiece(execution, NodeOutput.Piece(name, whole, isClosed));
        }

        execution.Failures = finished.Failures;
        _exceptions += finished.Failures;
        Apply(execution, finished.Result, finished.FinishedAt);
    }

    public void EndReplay()
    {
        _isReplaying = false;
        if (Frame is { IsReplayOnly: true } && Traversal.HasReady)
        {
            Abort("the container ended before");
        }
    }

    /// <summary>Starts the next ready node; null when there is none, or no more may start.</summary>
    public NodeExecution? StartNext()
    {
        if (HasEnded || !Traversal.TryDequeue(out var index, out var fromEdge) || !MayStep())
        {
            return null;
        }

        return Start(Graph.Nodes[index], fromEdge, Scope.NextIndex(), Scope.Time.GetUtcNow(), isReplay: false);
    }

    public void OnOutput(NodeExecution execution, in NodeOutput output)
    {
        if (output.Name is not null)
        {
            _stream.OnPiece(execution, output);
        }
        else if (output.Resources is { } resources)
        {
            Emit(execution.Found(resources));
        }
        else if (output.Text is { } reasoning)
        {
            Emit(execution.Reasoned(reasoning, output.IsFinal));
        }
        else if (output.Event is { } happened)
        {
            if (happened is NodeRunPauseRequested { Reason: var reason })
            {
                _pauses.Add(reason);
            }

            Emit(happened);
        }
        else if (output.OutputsInside is { } inside)
        {
            AddOutputs(inside.Values);
        }
    }

    /// <summary>The node waits. Whatever does not depend on it goes on, and then the run ends as paused.</summary>
    public void OnPaused(NodeExecution execution, in NodeOutput output)
    {
        _isPaused = true;
        if (output.PauseReason is { } reason)
        {
            _pauses.Add(reason);
            Emit(execution.Paused(reason));
        }
    }

    /// <returns>True when the node is to be tried again after its interval.</returns>
    public bool OnEnded(NodeExecution execution, NodeResult result)
    {
        if (result.Status != NodeStatus.Succeeded)
        {
            _exceptions++;
            if (++execution.Failures <= execution.Node.Retry.MaxRetries && MayStep())
            {
                Write(result.Updates);
                Emit(execution.Retried(result));
                return true;
            }

            if (HasEnded)
            {
                return false;
            }

            result = FailureStrategy.Apply(execution.Node, result);
        }

        var finishedAt = Scope.Time.GetUtcNow();
        Scope.Journal?.Record(Path, execution.Finished(result, finishedAt));
        Apply(execution, result, finishedAt);
        return false;
    }

    /// <summary>Ends the run because a person, a limit or the shutdown of the program said so.</summary>
    public void OnStopped(bool byLimit)
    {
        var elapsed = Scope.Time.GetElapsedTime(_startedAt).TotalSeconds;
        Abort(byLimit
            ? string.Create(CultureInfo.InvariantCulture, $"Maximum execution time exceeded: {elapsed:F2}s > {Scope.Options.MaxSeconds}s")
            : "User requested stop");
    }

    public void Finish() => Emit(_ending
        ?? (_isPaused ? new GraphRunPaused([.. _pauses], Outputs()) : new GraphRunSucceeded(Outputs(), _exceptions)));

    /// <summary>What answer and end nodes have given until now.</summary>
    public JsonObject Outputs()
    {
        var outputs = new JsonObject();
        foreach (var (name, value) in _outputs)
        {
            outputs[name] = value?.DeepClone();
        }

        return outputs;
    }

    private NodeExecution Start(NodeDefinition node, int fromEdge, int index, DateTimeOffset startedAt, bool isReplay)
    {
        var run = new NodeRun(node, Variables, Scope.Context, ExecutionIdOf(node))
        {
            Path = Path,
            Children = node.IsContainer ? new ChildRuns(this, node, isReplay) : null,
        };
        var execution = new NodeExecution(run, Scope.Nodes.Find(node.Type, node.Version)!, index, startedAt);
        Emit(execution.Started(fromEdge < 0 ? null : Graph.Nodes[Graph.Edges[fromEdge].Source].Id));
        return execution;
    }

    /// <summary>Counts an attempt; false when it is one too many, which aborts the run.</summary>
    private bool MayStep()
    {
        var total = Scope.Step();
        if (++_starts > Scope.Options.MaxSteps)
        {
            Abort($"Maximum execution steps exceeded: {_starts} > {Scope.Options.MaxSteps}");
        }
        else if (total > Scope.Options.MaxTotalSteps)
        {
            Abort($"Maximum execution steps exceeded: {total} > {Scope.Options.MaxTotalSteps}");
        }

        return !HasEnded;
    }

    /// <summary>Stores what a node gave, decides its edges and tells of it.</summary>
    private void Apply(NodeExecution execution, NodeResult result, DateTimeOffset finishedAt)
    {
        var node = execution.Node;
        Write(result.Updates);
        switch (result.Status)
        {
            case NodeStatus.Succeeded:
                Variables.SetAll(node.Id, result.Outputs);
                _stream.Flush();
                if (!Follow(node, result.EdgeSourceHandle))
                {
                    return;
                }

                if (node.Type is NodeTypes.Answer or NodeTypes.End)
                {
                    AddOutputs(result.Outputs);
                }

                Emit(execution.Succeeded(result, finishedAt));
                break;
            case NodeStatus.Exception:
                Variables.SetAll(node.Id, result.Outputs);
                Follow(node, result.EdgeSourceHandle);
                Emit(execution.Excepted(result, finishedAt));
                break;
            default:
                Emit(execution.Failed(result, finishedAt));
                Fail(result.Error ?? "The node failed.", result.ErrorCode);
                break;
        }
    }

    private void Write(IReadOnlyList<VariableUpdate> updates)
    {
        foreach (var (selector, value) in updates)
        {
            Variables.Set(selector[0], selector[1], value);
        }
    }

    /// <summary>Decides the outgoing edges; false when a branch has not said which.</summary>
    private bool Follow(NodeDefinition node, string handle)
    {
        var isBranch = node.Kind == NodeKind.Branch;
        if (isBranch && handle.Length == 0)
        {
            Fail($"Branch node {node.Id} completed without selecting a branch", null);
            return false;
        }

        if (isBranch)
        {
            Traversal.SkipUnchosen(node.Index, handle);
        }

        foreach (var edge in Graph.Outgoing[node.Index])
        {
            if (isBranch && Graph.Edges[edge].Handle != handle)
            {
                continue;
            }

            Traversal.Take(edge);
            _stream.OnEdgeTaken(edge);
            Traversal.EnqueueHead(edge);
        }

        return true;
    }

    private void AddOutputs(JsonObject outputs)
    {
        foreach (var (name, value) in outputs)
        {
            _outputs[name] = name == "answer" && _outputs.GetValueOrDefault(name) is { } before
                ? JsonValue.Create(VariableText.Render(before, RenderMode.Text) + VariableText.Render(value, RenderMode.Text))
                : value;
        }
    }

    private void Fail(string error, string? code) => _ending ??= new GraphRunFailed(error, code, _exceptions);

    private void Abort(string reason) => _ending ??= new GraphRunAborted($"Aborted: {reason}", Outputs());
}
