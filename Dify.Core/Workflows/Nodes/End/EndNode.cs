using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Nodes.End;

/// <summary>Collects outputs of the run; a variable that is not there gives null.</summary>
internal sealed class EndNode : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await ValueTask.CompletedTask;
        var outputs = new JsonObject();
        var inputs = new JsonObject();
        foreach (var (name, selector) in run.Node.Settings(Read))
        {
            run.Variables.TryGet(selector, out var value);
            outputs[name] = value?.DeepClone();
            inputs[name] = value?.DeepClone();
        }

        yield return NodeOutput.End(new NodeResult { Status = NodeStatus.Succeeded, Inputs = inputs, Outputs = outputs });
    }

    private static List<(string Name, string[] Selector)> Read(NodeDefinition node) =>
    [
        .. (NodeData.List(node.Data, "outputs")?.OfType<JsonObject>() ?? [])
            .Select(output => (NodeData.Text(output, "variable") ?? "", NodeData.Selector(output, "value_selector"))),
    ];
}
