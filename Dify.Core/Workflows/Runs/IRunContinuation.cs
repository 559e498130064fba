namespace Dify.Core.Workflows.Runs;

/// <summary>Goes on with runs of one kind in a new life: after a crash, a shutdown or a pause.</summary>
public interface IRunContinuation
{
    /// <summary>The <c>kind</c> in <see cref="WorkflowRun.Beginning"/> of the runs that are this one's.</summary>
    string Kind { get; }

    /// <summary>Starts the run in the background and returns.</summary>
    /// <param name="run">Claimed for this process; its <see cref="WorkflowRun.Life"/> is the new one.</param>
    /// <exception cref="Common.DifyException">The run cannot go on; the message says why, and the run ends as failed with it.</exception>
    Task GoOnAsync(WorkflowRun run, CancellationToken cancellationToken);
}
