namespace Dify.Core.Workflows.Engine;

/// <summary>
/// The code of a node type. One instance serves all nodes and all runs, so it keeps nothing between calls.
/// </summary>
public interface INode
{
    /// <summary>
    /// Works, and yields pieces of text while doing so. The last output is <see cref="NodeOutput.End"/>.
    /// An exception ends the node as failed with its message; <see cref="NodeFailedException"/> also names the error type.
    /// </summary>
    /// <param name="run">Settings, variables and the run around.</param>
    /// <param name="stop">Cancelled when the run is stopped; the node then leaves at once by the usual exception.</param>
    IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, CancellationToken stop);
}
