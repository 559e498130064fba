using System.Runtime.CompilerServices;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Nodes.LoopEnd;

/// <summary>The exit of a loop: the loop around it sees that it was reached and begins no further round.</summary>
internal sealed class LoopEndNode : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await ValueTask.CompletedTask;
        yield return NodeOutput.End(new NodeResult { Status = NodeStatus.Succeeded });
    }
}
