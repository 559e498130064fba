using System.Text.Json.Nodes;
using Dify.Core.Workflows.Conditions;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Loop;

/// <param name="Count">Rounds at most.</param>
internal sealed record LoopSettings(
    int Count, string StartNodeId, IReadOnlyList<Condition> BreakConditions, bool IsAnd, IReadOnlyList<LoopVariable> Variables)
{
    public static LoopSettings Read(NodeDefinition node) => new(
        (int)Math.Clamp(NodeData.Number(node.Data, "loop_count") ?? 0, 0, int.MaxValue),
        NodeData.Text(node.Data, "start_node_id") ?? "",
        Condition.ReadAll(NodeData.List(node.Data, "break_conditions")),
        NodeData.Text(node.Data, "logical_operator") != "or",
        [
            .. (NodeData.List(node.Data, "loop_variables")?.OfType<JsonObject>() ?? []).Select(item => new LoopVariable(
                NodeData.Text(item, "label") ?? "",
                NodeData.Text(item, "var_type") ?? "string",
                NodeData.Text(item, "value_type") ?? "constant",
                item["value"])),
        ]);
}
