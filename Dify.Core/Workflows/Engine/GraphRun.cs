using System.Globalization;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Engine;

/// <summary>
/// The state of one run. Used by one dispatcher only: it tells what happened, and takes the events that follow.
/// </summary>
internal sealed class GraphRun
{
    private const string FailBranchHandle = "fail-branch";

    private readonly INodeFactory _nodes;
    private readonly TimeProvider _time;
    private readonly EngineOptions _options;
    private readonly Queue<GraphEvent> _events = new();
    private readonly Guid[] _executionIds;
    private readonly ResponseStream _stream;
    private readonly Dictionary<string, JsonNode?> _outputs = new(StringComparer.Ordinal);
    private readonly long _startedAt;
    private GraphEvent? _ending;
    private bool _anyEdgeTaken;
    private int _starts;
    private int _exceptions;

    public GraphRun(GraphRunRequest request, INodeFactory nodes, TimeProvider time, EngineOptions options)
    {
        Request = request;
        _nodes = nodes;
        _time = time;
        _options = options;
        _startedAt = time.GetTimestamp();
        _executionIds = new Guid[Graph.Nodes.Count];
        Traversal = new Traversal(Graph);
        _stream = new ResponseStream(this, Graph.Streaming);
    }

    public GraphRunRequest Request { get; }

    public GraphDefinition Graph => Request.Graph;

    public VariablePool Variables => Request.Variables;

    public Traversal Traversal { get; }

    /// <summary>Failed or aborted: no further node starts.</summary>
    public bool HasEnded => _ending is not null;

    public void Emit(GraphEvent happened) => _events.Enqueue(happened);

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out GraphEvent? happened) =>
        _events.TryDequeue(out happened);

    /// <summary>Each node of a graph runs at most once, so its execution can be named before it starts.</summary>
    public Guid ExecutionIdOf(int node)
    {
        if (_executionIds[node] == Guid.Empty)
        {
            _executionIds[node] = Guid.CreateVersion7(_time.GetUtcNow());
        }

        return _executionIds[node];
    }

    public void Begin()
    {
        Emit(new GraphRunStarted());
        foreach (var node in Graph.Nodes)
        {
            if (!NodeTypes.IsContainerStart(node.Type) && _nodes.Find(node.Type, node.Version) is null)
            {
                Fail($"No class mapping found for node type: {node.Type}", null);
                return;
            }
        }

        Traversal.Begin();
    }

    /// <summary>Starts the next ready node; null when there is none, or no more may start.</summary>
    public NodeExecution? StartNext()
    {
        if (HasEnded || !Traversal.TryDequeue(out var index, out var fromEdge))
        {
            return null;
        }

        if (++_starts > _options.MaxSteps)
        {
            Abort($"Maximum execution steps exceeded: {_starts} > {_options.MaxSteps}");
            return null;
        }

        var node = Graph.Nodes[index];
        var execution = new NodeExecution(
            new NodeRun(node, Variables, Request.Context, ExecutionIdOf(index)),
            _nodes.Find(node.Type, node.Version)!, _time.GetUtcNow());
        Emit(new NodeRunStarted
        {
            ExecutionId = execution.Run.ExecutionId,
            NodeId = node.Id,
            NodeType = node.Type,
            Title = node.Title,
            Index = _starts,
            PredecessorNodeId = fromEdge < 0 ? null : Graph.Nodes[Graph.Edges[fromEdge].Source].Id,
            StartedAt = execution.StartedAt,
        });
        return execution;
    }

    public void OnOutput(NodeExecution execution, in NodeOutput output)
    {
        if (output.Name is not null)
        {
            _stream.OnPiece(execution, output);
        }
        else if (output.Resources is { } resources)
        {
            Emit(new NodeRunRetrieverResource
            {
                ExecutionId = execution.Run.ExecutionId,
                NodeId = execution.Node.Id,
                NodeType = execution.Node.Type,
                Title = execution.Node.Title,
                Resources = resources,
            });
        }
        else if (output.Text is { } reasoning)
        {
            Emit(new NodeRunReasoningChunk
            {
                ExecutionId = execution.Run.ExecutionId,
                NodeId = execution.Node.Id,
                NodeType = execution.Node.Type,
                Title = execution.Node.Title,
                Chunk = reasoning,
                IsFinal = output.IsFinal,
            });
        }
        else if (output.Event is { } happened)
        {
            Emit(happened);
        }
    }

    /// <returns>True when the node is to be tried again after its interval.</returns>
    public bool OnEnded(NodeExecution execution, NodeResult result)
    {
        foreach (var (selector, value) in result.Updates)
        {
            Variables.Set(selector[0], selector[1], value);
        }

        if (result.Status == NodeStatus.Succeeded)
        {
            Succeed(execution, result);
            return false;
        }

        _exceptions++;
        execution.Failures++;
        var node = execution.Node;
        if (execution.Failures <= node.Retry.MaxRetries)
        {
            Emit(new NodeRunRetry
            {
                ExecutionId = execution.Run.ExecutionId,
                NodeId = node.Id,
                NodeType = node.Type,
                Title = node.Title,
                Result = result,
                RetryIndex = execution.Failures,
            });
            return true;
        }

        GoOnOrFail(execution, result);
        return false;
    }

    /// <summary>Ends the run because a person, a limit or the shutdown of the program said so.</summary>
    public void OnStopped(bool byLimit)
    {
        var elapsed = _time.GetElapsedTime(_startedAt).TotalSeconds;
        Abort(byLimit
            ? string.Create(CultureInfo.InvariantCulture, $"Maximum execution time exceeded: {elapsed:F2}s > {_options.MaxSeconds}s")
            : "User requested stop");
    }

    public void Finish() => Emit(_ending ?? new GraphRunSucceeded(Outputs(), _exceptions));

    private void Succeed(NodeExecution execution, NodeResult result)
    {
        var node = execution.Node;
        Variables.SetAll(node.Id, result.Outputs);
        _stream.Flush();
        if (!Follow(node, result.EdgeSourceHandle))
        {
            return;
        }

        if (node.Kind == NodeKind.Response)
        {
            AddOutputs(result.Outputs);
        }

        Emit(new NodeRunSucceeded
        {
            ExecutionId = execution.Run.ExecutionId,
            NodeId = node.Id,
            NodeType = node.Type,
            Title = node.Title,
            Result = result,
            StartedAt = execution.StartedAt,
            FinishedAt = _time.GetUtcNow(),
        });
    }

    private void GoOnOrFail(NodeExecution execution, NodeResult result)
    {
        var node = execution.Node;
        JsonObject? outputs = null;
        try
        {
            outputs = node.Strategy switch
            {
                ErrorStrategy.DefaultValue => DefaultValues.Read(node),
                ErrorStrategy.FailBranch => [],
                _ => null,
            };
        }
        catch (FormatException problem)
        {
            result = result with { Error = problem.Message, ErrorType = nameof(FormatException) };
        }

        if (outputs is null)
        {
            Emit(new NodeRunFailed
            {
                ExecutionId = execution.Run.ExecutionId,
                NodeId = node.Id,
                NodeType = node.Type,
                Title = node.Title,
                Result = result,
                StartedAt = execution.StartedAt,
                FinishedAt = _time.GetUtcNow(),
            });
            Fail(result.Error ?? "The node failed.", result.ErrorCode);
            return;
        }

        outputs["error_message"] = result.Error;
        outputs["error_type"] = result.ErrorType;
        var metadata = (JsonObject)result.Metadata.DeepClone();
        metadata["error_strategy"] = node.Strategy == ErrorStrategy.FailBranch ? FailBranchHandle : "default-value";
        result = result with
        {
            Status = NodeStatus.Exception,
            Outputs = outputs,
            Metadata = metadata,
            EdgeSourceHandle = node.Strategy == ErrorStrategy.FailBranch ? FailBranchHandle : "source",
        };
        Variables.SetAll(node.Id, outputs);
        Follow(node, result.EdgeSourceHandle);
        Emit(new NodeRunException
        {
            ExecutionId = execution.Run.ExecutionId,
            NodeId = node.Id,
            NodeType = node.Type,
            Title = node.Title,
            Result = result,
            StartedAt = execution.StartedAt,
            FinishedAt = _time.GetUtcNow(),
        });
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
            _stream.OnEdgeTaken(edge, Traversal.TakenEdges, isFirst: !_anyEdgeTaken);
            _anyEdgeTaken = true;
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

    private JsonObject Outputs()
    {
        var outputs = new JsonObject();
        foreach (var (name, value) in _outputs)
        {
            outputs[name] = value?.DeepClone();
        }

        return outputs;
    }

    private void Fail(string error, string? code) => _ending ??= new GraphRunFailed(error, code, _exceptions);

    private void Abort(string reason) => _ending ??= new GraphRunAborted($"Aborted: {reason}", Outputs());
}
