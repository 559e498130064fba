using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;

namespace Dify.Core.Workflows.Nodes.Iteration;

/// <summary>Runs several items at the same time. The events of an item are told together when it has ended.</summary>
internal static class ParallelItems
{
    public static async IAsyncEnumerable<NodeOutput> RunAsync(
        IterationState state, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var index = 0; index < state.Items.Count; index++)
        {
            state.Results.Add(null);
            yield return NodeOutput.Happened(state.Next(index));
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ended = Channel.CreateUnbounded<EndedItem>(new UnboundedChannelOptions { SingleReader = true });
        var lanes = Lanes(state, time, ended.Writer, ending.Token);
        try
        {
            await foreach (var item in ended.Reader.ReadAllAsync(stop))
            {
                var child = item.Run.Child;
                state.IsPaused |= child.IsPaused;
                if (child.Failure is not null && !child.IsCut && !state.GoesOn(child))
                {
                    break;
                }

                if (child.Failure is null && !child.IsPaused)
                {
                    state.Results[item.Run.Index] = item.Run.Result;
                }

                foreach (var happened in item.Events)
                {
                    state.Usage.Add(happened);
                    yield return NodeOutput.Happened(happened);
                }

                state.Settle(item.Run, item.Elapsed);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await lanes.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (state.Error is null && state.Settings.Errors == ItemErrors.Drop)
        {
            // Every null goes, as in Dify, whether the item failed or not.
            state.Results = [.. state.Results.Where(static result => result is not null)];
        }
    }

    /// <summary>Each lane takes the next item that nobody has taken yet.</summary>
    private static async Task Lanes(
        IterationState state, TimeProvider time, ChannelWriter<EndedItem> ended, CancellationToken ending)
    {
        var next = -1;
        async Task LaneAsync()
        {
            await Task.Yield();
            while (Interlocked.Increment(ref next) is var index && index < state.Items.Count)
            {
                var startedAt = time.GetTimestamp();
                var item = new ItemRun(state.Run, state.Settings, index, state.Items[index]);
                var events = new List<GraphEvent>();
                await foreach (var happened in item.Child.RunAsync(ending))
                {
                    events.Add(happened);
                }

                ending.ThrowIfCancellationRequested();
                await ended.WriteAsync(new EndedItem(item, events, time.GetElapsedTime(startedAt)), ending);
            }
        }

        try
        {
            var lanes = Math.Min(state.Settings.Parallel, state.Items.Count);
            await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => LaneAsync()));
            ended.Complete();
        }
        catch (Exception problem)
        {
            // Catches all: node runner. The iteration fails with what broke its items.
            ended.Complete(problem);
        }
    }

    private sealed record EndedItem(ItemRun Run, IReadOnlyList<GraphEvent> Events, TimeSpan Elapsed);
}
