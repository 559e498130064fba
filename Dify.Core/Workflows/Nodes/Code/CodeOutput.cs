using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Code;

/// <summary>What is declared of an output. Without <see cref="Children"/> an object may hold anything.</summary>
internal sealed record CodeOutput(string Type, IReadOnlyDictionary<string, CodeOutput>? Children)
{
    private const int DeepestDeclaration = 32;

    /// <summary>The declarations in their order; null when there are none.</summary>
    public static IReadOnlyDictionary<string, CodeOutput>? ReadAll(JsonObject? declared, int depth = 0)
    {
        if (declared is null || depth > DeepestDeclaration)
        {
            return null;
        }

        var outputs = new OrderedDictionary<string, CodeOutput>(StringComparer.Ordinal);
        foreach (var (name, value) in declared)
        {
            var output = value as JsonObject ?? [];
            outputs[name] = new CodeOutput(NodeData.Text(output, "type") ?? "string", ReadAll(NodeData.Object(output, "children"), depth + 1));
        }

        return outputs;
    }
}
