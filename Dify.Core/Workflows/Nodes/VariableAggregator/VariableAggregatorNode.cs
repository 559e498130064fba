using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Nodes.VariableAggregator;

/// <summary>Brings branches together: the first of several variables that has a value, once or for each group.</summary>
internal sealed class VariableAggregatorNode : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await ValueTask.CompletedTask;
        var settings = run.Node.Settings(Read);
        var inputs = new JsonObject();
        var outputs = new JsonObject();
        foreach (var (name, selectors) in settings.Groups)
        {
            foreach (var selector in selectors)
            {
                if (!run.Variables.TryGet(selector, out var value))
                {
                    continue;
                }

                inputs[string.Join('.', selector.Skip(1))] = value?.DeepClone();
                if (settings.IsGrouped)
                {
                    outputs[name] = new JsonObject { ["output"] = value?.DeepClone() };
                }
                else
                {
                    outputs["output"] = value?.DeepClone();
                }

                break;
            }
        }

        yield return NodeOutput.End(new NodeResult { Status = NodeStatus.Succeeded, Inputs = inputs, Outputs = outputs });
    }

    private static AggregatorSettings Read(NodeDefinition node)
    {
        var advanced = NodeData.Object(node.Data, "advanced_settings");
        if (advanced is null || !NodeData.Flag(advanced, "group_enabled"))
        {
            return new AggregatorSettings(false, [("output", Selectors(node.Data))]);
        }

        return new AggregatorSettings(true,
        [
            .. (NodeData.List(advanced, "groups")?.OfType<JsonObject>() ?? [])
                .Select(group => (NodeData.Text(group, "group_name") ?? "", Selectors(group))),
        ]);
    }

    private static string[][] Selectors(JsonObject data) =>
        [.. (NodeData.List(data, "variables")?.OfType<JsonArray>() ?? []).Select(NodeData.Strings)];

    private sealed record AggregatorSettings(bool IsGrouped, IReadOnlyList<(string Name, string[][] Selectors)> Groups);
}
