using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Iteration;

/// <summary>What becomes of an item that fails.</summary>
internal enum ItemErrors
{
    Terminate,
    GiveNull,
    Drop,
}

/// <param name="Parallel">Items that run at the same time; 0: one after the other.</param>
internal sealed record IterationSettings(
    string[] Items, string[] Output, string StartNodeId, int Parallel, ItemErrors Errors, bool Flattens)
{
    private const int MostParallel = 10;

    public static IterationSettings Read(NodeDefinition node) => new(
        NodeData.Selector(node.Data, "iterator_selector"),
        NodeData.Selector(node.Data, "output_selector"),
        NodeData.Text(node.Data, "start_node_id") ?? "",
        NodeData.Flag(node.Data, "is_parallel")
            ? (int)Math.Clamp(NodeData.Number(node.Data, "parallel_nums") ?? MostParallel, 1, MostParallel)
            : 0,
        NodeData.Text(node.Data, "error_handle_mode") switch
        {
            "continue-on-error" => ItemErrors.GiveNull,
            "remove-abnormal-output" => ItemErrors.Drop,
            _ => ItemErrors.Terminate,
        },
        NodeData.Flag(node.Data, "flatten_output", fallback: true));

    /// <summary>One list of what the items gave; lists are joined when all are lists, and nulls then vanish.</summary>
    public JsonArray Collect(IReadOnlyList<JsonNode?> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return Flattens && results.Any(static result => result is not null)
            && results.All(static result => result is null or JsonArray)
                ? new JsonArray([.. results.OfType<JsonArray>().SelectMany(list => list).Select(item => item?.DeepClone())])
                : new JsonArray([.. results.Select(result => result?.DeepClone())]);
    }
}
