using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Start;

/// <summary>Gives the inputs of the run, which are in the pool before it starts, and the system variables.</summary>
internal sealed class StartNode : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(
        NodeRun run, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await ValueTask.CompletedTask;
        var outputs = new JsonObject();
        var inputs = new JsonObject();
        foreach (var (name, value) in run.Variables.ValuesUnder(run.Node.Id))
        {
            outputs[name] = value?.DeepClone();
            inputs[name] = value?.DeepClone();
        }

        foreach (var (name, value) in run.Variables.ValuesUnder(VariablePool.System))
        {
            outputs[$"sys.{name}"] = value?.DeepClone();
            inputs[$"sys.{name}"] = value?.DeepClone();
        }

        yield return NodeOutput.End(new NodeResult { Status = NodeStatus.Succeeded, Inputs = inputs, Outputs = outputs });
    }
}
