using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dify.Core.Workflows.Engine.Events;

namespace Dify.Core.Workflows.Engine;

/// <summary>Drives one graph: first what the journal knows, then node by node, or several side by side.</summary>
internal static class RunDispatcher
{
    /// <param name="limit">Cancelled when the time of the run is over.</param>
    /// <param name="ending">Cancelled by that, by a stop, and when nobody listens any more.</param>
    public static async IAsyncEnumerable<GraphEvent> RunAsync(
        GraphRun run, CancellationToken limit, [EnumeratorCancellation] CancellationToken ending)
    {
        foreach (var finished in run.FinishedBefore())
        {
            if (run.HasEnded || ending.IsCancellationRequested || run.StartFinished(finished) is not { } execution)
            {
                break;
            }

            if (execution.Run.Children is not null)
            {
                // The nodes inside a container tell their own part again, with nothing left to do.
                await using var attempt = new NodeAttempt(execution, ending);
                while (await attempt.MoveNextAsync())
                {
                    run.OnOutput(execution, attempt.Current);
                    while (run.TryTake(out var happened))
                    {
                        yield return happened;
                    }
                }
            }

            run.OnFinishedBefore(execution, finished);
            while (run.TryTake(out var happened))
            {
                yield return happened;
            }
        }

        run.EndReplay();
        var events = run.Scope.Options.Workers == 1 ? OneByOneAsync(run, ending) : SideBySideAsync(run, ending);
        await foreach (var happened in events)
        {
            yield return happened;
        }

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

    private static async IAsyncEnumerable<GraphEvent> OneByOneAsync(
        GraphRun run, [EnumeratorCancellation] CancellationToken ending)
    {
        while (!ending.IsCancellationRequested && run.StartNext() is { } execution)
        {
            while (run.TryTake(out var waiting))
            {
                yield return waiting;
            }

            if (!await BeforeStartAsync(run, execution, ending))
            {
                break;
            }

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

                if (attempt.IsPaused)
                {
                    run.OnPaused(execution, attempt.Current);
                }

                isTried = attempt.Result is { } result && run.OnEnded(execution, result)
                    && await WaitAsync(run, execution, ending);
            }

            while (run.TryTake(out var happened))
            {
                yield return happened;
            }
        }
    }

    private static async IAsyncEnumerable<GraphEvent> SideBySideAsync(
        GraphRun run, [EnumeratorCancellation] CancellationToken ending)
    {
        var signals = Channel.CreateBounded<Signal>(new BoundedChannelOptions(256) { SingleReader = true });
        var started = new List<NodeExecution>(run.Scope.Options.Workers);
        var working = 0;
        while (!run.HasEnded && !ending.IsCancellationRequested)
        {
            while (working < run.Scope.Options.Workers && run.StartNext() is { } execution)
            {
                working++;
                started.Add(execution);
            }

            while (run.TryTake(out var happened))
            {
                yield return happened;
            }

            // Not before: the journal may wait until what has happened so far was seen.
            foreach (var execution in started)
            {
                _ = PumpAsync(run, execution, signals.Writer, isRetry: false, ending);
            }

            started.Clear();
            if (working == 0 || await NextAsync(signals.Reader, ending) is not { } signal)
            {
                break;
            }

            if (signal.Result is { } result)
            {
                if (run.OnEnded(signal.Execution, result))
                {
                    _ = PumpAsync(run, signal.Execution, signals.Writer, isRetry: true, ending);
                }
                else
                {
                    working--;
                }
            }
            else if (signal.Output.IsPause)
            {
                run.OnPaused(signal.Execution, signal.Output);
                working--;
            }
            else
            {
                run.OnOutput(signal.Execution, signal.Output);
            }

            while (run.TryTake(out var happened))
            {
                yield return happened;
            }
        }
    }

    private static async Task PumpAsync(
        GraphRun run, NodeExecution execution, ChannelWriter<Signal> signals, bool isRetry, CancellationToken ending)
    {
        try
        {
            // A node that never waits must not hold up its siblings.
            await Task.Yield();
            if (isRetry ? !await WaitAsync(run, execution, ending) : !await BeforeStartAsync(run, execution, ending))
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

            if (attempt.Result is not null || attempt.IsPaused)
            {
                await signals.WriteAsync(new Signal(execution, attempt.Current, attempt.Result), ending);
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended; nobody waits for this node.
        }
        catch (Exception problem)
        {
            // Catches all: node runner. What breaks outside of the node, such as the journal, ends the run.
            signals.TryComplete(problem);
        }
    }

    /// <returns>False when the run was stopped meanwhile.</returns>
    private static async ValueTask<bool> BeforeStartAsync(GraphRun run, NodeExecution execution, CancellationToken ending)
    {
        if (run.Scope.Journal is not { } journal)
        {
            return true;
        }

        try
        {
            await journal.BeforeStartAsync(execution.Node, ending);
            return true;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception problem)
        {
            // Catches all: run root. A failure of the journal is no failure of the node.
            throw new JournalFailedException(problem);
        }
    }

    private static async ValueTask<bool> WaitAsync(GraphRun run, NodeExecution execution, CancellationToken ending)
    {
        if (execution.Node.Retry.Interval > TimeSpan.Zero)
        {
            await Task.Delay(execution.Node.Retry.Interval, run.Scope.Time, ending)
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
        catch (ChannelClosedException closed) when (closed.InnerException is { } problem)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(problem);
            throw;
        }
    }

    private sealed record Signal(NodeExecution Execution, NodeOutput Output, NodeResult? Result);
}
