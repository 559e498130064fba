using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Engine;

/// <summary>
/// Releases the pieces of answers in the order of their templates: one response at a time, each held back until the
/// run is sure to reach it, and within it each variable waits for those before.
/// </summary>
internal sealed class ResponseStream
{
    private readonly GraphRun _run;
    private readonly StreamPlan _plan;
    private readonly Queue<NodeRunStreamChunk>?[] _waitingPieces;
    private readonly bool[] _closed;
    private readonly bool[]?[] _reached;
    private readonly Queue<StreamPlan.Response> _waiting = new();
    private StreamPlan.Response? _active;
    private int _segment;
    private int _unopened;
    private bool _hasBegun;

    public ResponseStream(GraphRun run, StreamPlan plan)
    {
        _run = run;
        _plan = plan;
        _waitingPieces = new Queue<NodeRunStreamChunk>?[plan.Slots.Count];
        _closed = new bool[plan.Slots.Count];
        _reached = new bool[plan.Gates.Length][];
        _unopened = plan.Count;
    }

    /// <summary>A piece from a working node.</summary>
    public void OnPiece(NodeExecution execution, in NodeOutput output)
    {
        var slot = execution.SlotOf(output.Name!, _plan, out var selector);
        if (slot < 0)
        {
            return;
        }

        if (_run.Scope.Journal is not null)
        {
            execution.Keep(output.Name!, output.Text!, output.IsFinal);
        }

        var node = execution.Node;
        (_waitingPieces[slot] ??= new Queue<NodeRunStreamChunk>()).Enqueue(new NodeRunStreamChunk
        {
            ExecutionId = execution.Run.ExecutionId,
            NodeId = node.Id,
            NodeType = node.Type,
            Title = node.Title,
            Selector = selector,
            Chunk = output.Text!,
            IsFinal = output.IsFinal,
        });
        _closed[slot] |= output.IsFinal;
        Flush();
    }

    /// <summary>Opens the responses that the edge was the last to hold back.</summary>
    public void OnEdgeTaken(int edge)
    {
        if (_unopened == 0)
        {
            return;
        }

        List<StreamPlan.Response>? opened = null;
        for (var i = 0; i < _plan.Gates.Length; i++)
        {
            var gate = _plan.Gates[i];
            if (!_hasBegun)
            {
                AddReached(gate, opened ??= []);
            }

            var (_, tail, head, _) = _run.Graph.Edges[edge];
            var reached = _reached[i] ?? gate.Reached;
            if (gate.Blocking[edge] && reached[tail] && !reached[head])
            {
                reached = _reached[i] ??= (bool[])gate.Reached.Clone();
                _plan.Extend(gate, head, reached, opened ??= []);
            }
        }

        _hasBegun = true;
        if (opened is not null)
        {
            Open(opened);
        }
    }

    /// <summary>Emits what can be emitted now.</summary>
    public void Flush()
    {
        while (_active is { } response)
        {
            var segments = response.Template.Segments;
            while (_segment < segments.Count)
            {
                if (!TryEmit(response, segments[_segment], _segment == segments.Count - 1))
                {
                    return;
                }

                _segment++;
            }

            _active = null;
            if (_waiting.TryDequeue(out var next))
            {
                Activate(next);
            }
        }
    }

    private void AddReached(StreamPlan.Gate gate, List<StreamPlan.Response> opened) => opened.AddRange(
        _plan.Responses.OfType<StreamPlan.Response>().Where(response => _plan.Gates[response.Gate] == gate && gate.Reached[response.Node.Index]));

    private void Open(List<StreamPlan.Response> opened)
    {
        opened.Sort(static (left, right) => left.Order.CompareTo(right.Order));
        foreach (var response in opened)
        {
            _unopened--;
            if (_active is not null)
            {
                _waiting.Enqueue(response);
                continue;
            }

            Activate(response);
            Flush();
        }
    }

    private void Activate(StreamPlan.Response response)
    {
        _active = response;
        _segment = 0;
    }

    /// <returns>False when the segment needs more than there is now.</returns>
    private bool TryEmit(StreamPlan.Response response, TemplateSegment segment, bool isLast)
    {
        if (segment.Selector is not { } selector)
        {
            Emit(response.Node, [response.Node.Id, "answer"], segment.Text!, isLast);
            return true;
        }

        // A variable of no node (sys, env, conversation) speaks in the name of the response.
        var source = selector.Count > 0 ? _run.Graph.Find(selector[0]) : null;
        if (source is not null && _run.IsSkipped(source))
        {
            return true;
        }

        if (selector.Count == 2 && _plan.Slots.TryGetValue((selector[0], selector[1]), out var slot))
        {
            while (_waitingPieces[slot] is { } pieces && pieces.TryDequeue(out var piece))
            {
                _run.Emit(piece);
            }

            if (_closed[slot])
            {
                return true;
            }
        }

        if (!_run.Variables.TryGet(selector, out var value))
        {
            return false;
        }

        Emit(source ?? response.Node, selector, VariableText.Render(value, RenderMode.Markdown), isLast);
        return true;
    }

    private void Emit(NodeDefinition node, IReadOnlyList<string> selector, string text, bool isLast) =>
        _run.Emit(new NodeRunStreamChunk
        {
            ExecutionId = _run.ExecutionIdOf(node),
            NodeId = node.Id,
            NodeType = node.Type,
            Title = node.Title,
            Selector = selector,
            Chunk = text,
            IsFinal = isLast,
        });
}
