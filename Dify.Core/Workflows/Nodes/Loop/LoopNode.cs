using System.Globalization;
using System.Runtime.CompilerServices;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Nodes.Loop;

/// <summary>
/// Runs the nodes inside it again and again, until a break condition holds, its exit is reached or the count is up. The
/// nodes inside share the pool with those around.
/// </summary>
internal sealed class LoopNode(TimeProvider time, IOptions<EngineOptions> options) : INode
{
    private readonly int _mostRounds = options.Value.MaxLoopCount;

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(LoopSettings.Read);
        if (settings.StartNodeId.Length == 0)
        {
            throw new NodeFailedException($"field start_node_id in loop {run.Node.Id} not found");
        }

        if (settings.Count > _mostRounds)
        {
            throw new NodeFailedException(string.Create(
                CultureInfo.InvariantCulture, $"The loop count {settings.Count} exceeds the limit of {_mostRounds}."));
        }

        var state = new LoopState(run, settings, time);
        yield return NodeOutput.Happened(state.Started());
        state.BreakAtOnce();
        var inside = run.Children!.NodesInLoop;
        for (; state.Round < state.Count; state.Round++)
        {
            foreach (var nodeId in inside)
            {
                run.Variables.Remove(nodeId);
            }

            var startedAt = time.GetTimestamp();
            var child = run.Children.Create(settings.StartNodeId, run.Variables, state.Round);
            var hasReachedEnd = false;
            await foreach (var happened in child.RunAsync(stop))
            {
                hasReachedEnd |= happened is NodeRunSucceeded { NodeType: NodeTypes.LoopEnd } ended && IsOwn(ended, run);
                state.Usage.Add(happened);
                yield return NodeOutput.Happened(happened);
            }

            stop.ThrowIfCancellationRequested();
            if (child.IsPaused)
            {
                yield return NodeOutput.PauseInside();
                yield break;
            }

            if (child.Failure is { } failure)
            {
                foreach (var output in state.Fail(failure.Error, failure.Code))
                {
                    yield return output;
                }

                yield break;
            }

            yield return NodeOutput.Merge(child.Outputs);
            var (isLast, problem) = EndRound(state, hasReachedEnd, time.GetElapsedTime(startedAt));
            if (problem is not null)
            {
                foreach (var output in state.Fail(problem.Message, problem.Code))
                {
                    yield return output;
                }

                yield break;
            }

            if (isLast)
            {
                break;
            }

            yield return NodeOutput.Happened(state.Next());
        }

        foreach (var output in state.Succeed())
        {
            yield return output;
        }
    }

    /// <summary>The exit of a loop inside this one ends that one only.</summary>
    private static bool IsOwn(NodeRunSucceeded ended, NodeRun run) => ended.LoopId == run.Node.Id;

    private static (bool IsLast, NodeFailedException? Problem) EndRound(LoopState state, bool hasReachedEnd, TimeSpan elapsed)
    {
        try
        {
            return (state.EndRound(hasReachedEnd, elapsed), null);
        }
        catch (NodeFailedException problem)
        {
            return (true, problem);
        }
    }
}
