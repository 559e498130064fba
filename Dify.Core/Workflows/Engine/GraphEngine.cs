using System.Runtime.CompilerServices;
using Dify.Core.Workflows.Engine.Events;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Engine;

/// <summary>Runs a graph to its end.</summary>
public sealed class GraphEngine(INodeFactory nodes, TimeProvider time, IOptions<EngineOptions> options)
{
    private readonly EngineOptions _options = options.Value;

    /// <summary>
    /// The events of the run, the last of which is one of the <c>GraphRun…</c> endings. With a journal that knows
    /// finished nodes their events come first, marked as replayed, and the run goes on behind them.
    /// </summary>
    /// <param name="request">What to run.</param>
    /// <param name="stop">The run's own token (stop, limits, shutdown): the run then ends as aborted, with no exception.</param>
    public async IAsyncEnumerable<GraphEvent> RunAsync(
        GraphRunRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(_options.MaxSeconds), time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var run = new GraphRun(new RunScope(nodes, time, _options, request), request.Graph, request.Variables, frame: null);
        run.Begin();
        try
        {
            await foreach (var happened in RunDispatcher.RunAsync(run, limit.Token, ending.Token))
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
}
