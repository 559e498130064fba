using Dify.Core.Workflows.Engine.Events;

namespace Dify.Core.Workflows.Engine;

/// <summary>Runs a graph to its end.</summary>
public sealed class GraphEngine
{
    /// <summary>The events of the run, the last of which is one of the four <c>GraphRun…</c> endings.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="stop">The run's own token (stop, limits, shutdown): the run then ends as aborted, with no exception.</param>
    public IAsyncEnumerable<GraphEvent> RunAsync(GraphRunRequest request, CancellationToken stop) =>
        throw new NotImplementedException();
}
