using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Sandbox;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workflows.Nodes.TemplateTransform;

/// <summary>Renders a Jinja2 template with variables of the run.</summary>
internal sealed class TemplateTransformNode(IJinjaRenderer renderer, IOptions<TemplateLimits> limits) : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(Read);
        var inputs = new JsonObject();
        foreach (var (name, selector) in settings.Variables)
        {
            inputs[name] = run.Variables.TryGet(selector, out var value) ? value?.DeepClone() : null;
        }

        var output = await RenderAsync(settings.Template, inputs, stop);
        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = inputs,
            Outputs = new JsonObject { ["output"] = output },
        });
    }

    private async Task<string> RenderAsync(string template, JsonObject inputs, CancellationToken stop)
    {
        string output;
        try
        {
            output = await renderer.RenderAsync(template, inputs, stop);
        }
        catch (TemplateException problem)
        {
            throw new NodeFailedException(problem.Message, "TemplateTransformNodeError", problem.Code, problem) { Inputs = inputs };
        }

        var longest = limits.Value.MaxOutputLength;
        return output.Length <= longest
            ? output
            : throw new NodeFailedException($"Output length exceeds {longest} characters", "TemplateTransformNodeError") { Inputs = inputs };
    }

    private static Settings Read(NodeDefinition node) => new(
        NodeData.Text(node.Data, "template") ?? "",
        [.. (NodeData.List(node.Data, "variables")?.OfType<JsonObject>() ?? [])
            .Select(item => (NodeData.Text(item, "variable") ?? "", NodeData.Selector(item, "value_selector")))]);

    private sealed record Settings(string Template, IReadOnlyList<(string Name, string[] Selector)> Variables);
}
