using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Iteration;

/// <summary>Runs the nodes inside it for every item of a list, one after the other or several at the same time.</summary>
internal sealed class IterationNode(TimeProvider time) : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(IterationSettings.Read);
        var items = Items(run, settings);
        if (items.Count == 0)
        {
            yield return NodeOutput.End(new NodeResult
            {
                Status = NodeStatus.Succeeded,
                Inputs = new JsonObject { ["iterator_selector"] = new JsonArray() },
                Outputs = new JsonObject { ["output"] = new JsonArray() },
            });
            yield break;
        }

        if (settings.StartNodeId.Length == 0)
        {
            throw new NodeFailedException($"field start_node_id in iteration {run.Node.Id} not found");
        }

        var state = new IterationState(run, settings, items, time);
        yield return NodeOutput.Happened(state.Started());
        var outputs = settings.Parallel > 0 ? ParallelItems.RunAsync(state, time, stop) : OneByOneAsync(state, stop);
        await foreach (var output in outputs)
        {
            yield return output;
        }

        stop.ThrowIfCancellationRequested();
        if (state.IsPaused && state.Error is null)
        {
            yield return NodeOutput.PauseInside();
            yield break;
        }

        foreach (var output in state.Finish())
        {
            yield return output;
        }
    }

    private async IAsyncEnumerable<NodeOutput> OneByOneAsync(
        IterationState state, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var index = 0; index < state.Items.Count; index++)
        {
            yield return NodeOutput.Happened(state.Next(index));
            var startedAt = time.GetTimestamp();
            var item = new ItemRun(state.Run, state.Settings, index, state.Items[index]);
            await foreach (var happened in item.Child.RunAsync(stop))
            {
                state.Usage.Add(happened);
                yield return NodeOutput.Happened(happened);
            }

            stop.ThrowIfCancellationRequested();
            if (item.Child.IsPaused)
            {
                state.IsPaused = true;
                yield break;
            }

            if (item.Child.IsCut)
            {
                yield break;
            }

            state.Settle(item, time.GetElapsedTime(startedAt));
            if (item.Child.Failure is null)
            {
                state.Results.Add(item.Result);
            }
            else if (!state.GoesOn(item.Child))
            {
                yield break;
            }
            else if (state.Settings.Errors == ItemErrors.GiveNull)
            {
                state.Results.Add(null);
            }
        }
    }

    private static JsonArray Items(NodeRun run, IterationSettings settings)
    {
        if (!run.Variables.TryGet(settings.Items, out var value))
        {
            throw new NodeFailedException($"iterator variable {Python(settings.Items)} not found");
        }

        if (value is null or JsonArray)
        {
            return value as JsonArray ?? [];
        }

        // The wording is that of the class behind the value in Dify, with its id.
        var type = run.Variables.TypeOf(settings.Items).ToWire();
        throw new NodeFailedException(
            $"invalid iterator value: value_type=<SegmentType.{type.ToUpperInvariant()}: '{type}'> value={PythonText.Repr(value)} "
            + $"id='{run.ExecutionId}' name={PythonText.Repr(settings.Items[^1])} description='' selector={Python(settings.Items)}, "
            + "please provide a list.");
    }

    private static string Python(string[] selector) =>
        PythonText.Repr(new JsonArray([.. selector.Select(part => (JsonNode)part)]));
}
