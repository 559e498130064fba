using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Answer;

/// <summary>A piece of the assistant's message; files that the template refers to are given on.</summary>
internal sealed class AnswerNode : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await ValueTask.CompletedTask;
        var template = run.Node.Settings(static node => ReferenceTemplate.Parse(NodeData.Text(node.Data, "answer") ?? ""));
        var files = new JsonArray();
        foreach (var selector in template.References)
        {
            if (run.Variables.TryGet(selector, out var value))
            {
                AddFiles(files, value);
            }
        }

        yield return NodeOutput.End(new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Outputs = new JsonObject
            {
                ["answer"] = template.Render(run.Variables, RenderMode.Markdown),
                ["files"] = files,
            },
        });
    }

    private static void AddFiles(JsonArray files, JsonNode? value)
    {
        if (FileValues.IsFile(value))
        {
            files.Add(value!.DeepClone());
        }
        else if (value is JsonArray list && list.Count > 0 && list.All(FileValues.IsFile))
        {
            foreach (var file in list)
            {
                files.Add(file!.DeepClone());
            }
        }
    }
}
