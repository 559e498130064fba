using System.Runtime.CompilerServices;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Engine;

/// <summary>The graph inside a container, run for one item or round.</summary>
internal sealed class ChildRun(GraphRun parent, GraphDefinition graph, VariablePool variables, RunFrame frame)
{
    private readonly GraphRun _run = new(parent.Scope, graph, variables, frame);

    public VariablePool Variables => variables;

    /// <summary>How it ended; set when all events have been taken.</summary>
    public GraphEvent? Ending { get; private set; }

    /// <summary>What answer and end nodes inside gave.</summary>
    public System.Text.Json.Nodes.JsonObject Outputs => _run.Outputs();

    /// <summary>Why the container cannot go on; null when all went well.</summary>
    public (string Error, string? Code)? Failure => Ending switch
    {
        GraphRunFailed failed => (failed.Error, failed.ErrorCode),
        GraphRunAborted aborted => (aborted.Reason, null),
        _ => null,
    };

    /// <summary>The container ended in an earlier life while this was under way: there is no more to tell.</summary>
    public bool IsCut => frame.IsReplayOnly && Ending is GraphRunAborted;

    public bool IsPaused => Ending is GraphRunPaused;

    /// <summary>The events of the nodes inside.</summary>
    public async IAsyncEnumerable<GraphEvent> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            _run.Begin();
            await foreach (var happened in RunDispatcher.RunAsync(_run, CancellationToken.None, ending.Token))
            {
                if (happened is NodeEvent)
                {
                    yield return happened;
                }
                else if (happened is not GraphRunStarted)
                {
                    Ending = happened;
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
        }
    }
}
