using System.Runtime.CompilerServices;
using Dify.Core.Common;

namespace Dify.Core.Workflows.Engine;

/// <summary>One try of a node. Whatever the node throws becomes data here.</summary>
internal sealed class NodeAttempt(NodeExecution execution, CancellationToken stop) : IAsyncDisposable
{
    private IAsyncEnumerator<NodeOutput>? _outputs;

    public NodeOutput Current { get; private set; }

    /// <summary>Set when the node has ended by itself.</summary>
    public NodeResult? Result { get; private set; }

    /// <summary>The node left because the run was stopped.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The node waits; its last output says what for.</summary>
    public bool IsPaused { get; private set; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync()
    {
        try
        {
            _outputs ??= execution.Code.RunAsync(execution.Run, stop).GetAsyncEnumerator(stop);
            if (!await _outputs.MoveNextAsync())
            {
                Result ??= Failed(new NodeFailedException("The node ended without a result."));
                return false;
            }

            Current = _outputs.Current;
            Result = Current.Result;
            IsPaused = Current.IsPause;
            return Result is null && !IsPaused;
        }
        catch (Exception problem) when (problem is not JournalFailedException)
        {
            // Catches all: node runner. What breaks after a stop was broken by it.
            IsStopped = stop.IsCancellationRequested;
            Result = IsStopped ? null : Failed(problem);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_outputs is null)
        {
            return;
        }

        try
        {
            await _outputs.DisposeAsync();
        }
        catch (Exception problem) when (Result is not null || IsStopped || IsPaused)
        {
            // The result stands; a node that fails while cleaning up has nothing to add to it.
            _ = problem;
        }
    }

    private static NodeResult Failed(Exception problem) => problem switch
    {
        NodeFailedException failure => new NodeResult
        {
            Status = NodeStatus.Failed,
            Error = failure.Message,
            ErrorType = failure.Type,
            ErrorCode = failure.Code,
            Inputs = failure.Inputs,
            ProcessData = failure.ProcessData,
            Updates = failure.Updates,
        },
        DifyException coded => new NodeResult
        {
            Status = NodeStatus.Failed,
            Error = coded.Message,
            ErrorType = "WorkflowNodeError",
            ErrorCode = coded.Code,
        },
        _ => new NodeResult { Status = NodeStatus.Failed, Error = problem.Message, ErrorType = problem.GetType().Name },
    };
}
