using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dify.Core.Workflows.Engine.Events;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Engine;

/// <summary>Runs a graph to its end.</summary>
public sealed class GraphEngine(INodeFactory nodes, TimeProvider time, IOptions<EngineOptions> options)
{
    private readonly EngineOptions _options = options.Value;

    /// <summary>The events of the run, the last of which is one of the <c>GraphRun…</c> endings.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="stop">The run's own token (stop, limits, shutdown): the run then ends as aborted, with no exception.</param>
    public async IAsyncEnumerable<GraphEvent> RunAsync(
        GraphRunRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(_options.MaxSeconds), time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var run = new GraphRun(request, nodes, time, _options);
        run.Begin();
        try
        {
            var events = _options.Workers == 1
                ? OneByOneAsync(run, limit.Token, ending.Token)
                : SideBySideAsync(run, limit.Token, ending.Token);
            await foreach (var happened in events)
            {
                yield return happened;
            }
        }
        finally
        {
            // Whoever stops listening, or a failed branch, also ends the nodes that still work.
            await ending.CancelAsync();
        }
    }

    private async IAsyncEnumerable<GraphEvent> OneByOneAsync(
        GraphRun run, CancellationToken limit, [EnumeratorCancellation] CancellationToken ending)
    {
        while (!ending.IsCancellationRequested && run.StartNext() is { } execution)
        {
            var isTried = true;
            while (isTried)
            {
                var attempt = new NodeAttempt(execution, ending);
                await using (attempt)
                {
                    while (run.TryTake(out var waiting))
                    {
                        yield return waiting;
                    }

                    while (await attempt.MoveNextAsync())
                    {
                        run.OnOutput(execution, attempt.Current);
                        while (run.TryTake(out var happened))
                        {
                            yield return happened;
                        }
                    }
                }

                isTried = attempt.Result is { } result && run.OnEnded(execution, result)
                    && await WaitAsync(execution, ending);
            }

            while (run.TryTake(out var happened))
            {
                yield return happened;
            }
        }

        foreach (var happened in Finish(run, limit, ending))
        {
            yield return happened;
        }
    }

    private async IAsyncEnumerable<GraphEvent> SideBySideAsync(
        GraphRun run, CancellationToken limit, [EnumeratorCancellation] CancellationToken ending)
    {
        var signals = Channel.CreateBounded<Signal>(new BoundedChannelOptions(256) { SingleReader = true });
        var working = 0;
        while (!run.HasEnded && !ending.IsCancellationRequested)
        {
            while (working < _options.Workers && run.StartNext() is { } execution)
            {
                working++;
                _ = PumpAsync(execution, signals.Writer, isRetry: false, ending);
            }

            while (run.TryTake(out var happened))
            {
                yield return happened;
            }

            if (working == 0 || await NextAsync(signals.Reader, ending) is not { } signal)
            {
                break;
            }

            if (signal.Result is not { } result)
            {
                run.OnOutput(signal.Execution, signal.Output);
            }
            else if (run.OnEnded(signal.Execution, result))
            {
                _ = PumpAsync(signal.Execution, signals.Writer, isRetry: true, ending);
            }
            else
            {
                working--;
            }

            while (run.TryTake(out var happened))
            {
                yield return happened;
            }
        }

        foreach (var happened in Finish(run, limit, ending))
        {
            yield return happened;
        }
    }

    private static IEnumerable<GraphEvent> Finish(GraphRun run, CancellationToken limit, CancellationToken ending)
    {
        if (ending.IsCancellationRequested)
        {
            run.OnStopped(byLimit: limit.IsCancellationRequested);
        }

        run.Finish();
        while (run.TryTake(out var happened))
        {
            yield return happened;
        }
    }

    private async Task PumpAsync(
        NodeExecution execution, ChannelWriter<Signal> signals, bool isRetry, CancellationToken ending)
    {
        try
        {
            // A node that never waits must not hold up its siblings.
            await Task.Yield();
            if (isRetry && !await WaitAsync(execution, ending))
            {
                return;
            }

            var attempt = new NodeAttempt(execution, ending);
            await using (attempt)
            {
                while (await attempt.MoveNextAsync())
                {
                    await signals.WriteAsync(new Signal(execution, attempt.Current, null), ending);
                }
            }

            if (attempt.Result is { } result)
            {
                await signals.WriteAsync(new Signal(execution, default, result), ending);
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended; nobody waits for this node.
        }
    }

    private async ValueTask<bool> WaitAsync(NodeExecution execution, CancellationToken ending)
    {
        if (execution.Node.Retry.Interval > TimeSpan.Zero)
        {
            await Task.Delay(execution.Node.Retry.Interval, time, ending)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !ending.IsCancellationRequested;
    }

    private static async ValueTask<Signal?> NextAsync(ChannelReader<Signal> signals, CancellationToken ending)
    {
        try
        {
            return await signals.ReadAsync(ending);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private sealed record Signal(NodeExecution Execution, NodeOutput Output, NodeResult? Result);
}
