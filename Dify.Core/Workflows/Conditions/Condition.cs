using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Conditions;

/// <summary>One comparison of a variable with a value.</summary>
/// <param name="Expected">A text may hold references.</param>
/// <param name="Sub">Conditions on the attributes of each file, for lists of files.</param>
internal sealed record Condition(string[] Selector, string Operator, JsonNode? Expected, FileConditions? Sub)
{
    public static IReadOnlyList<Condition> ReadAll(JsonArray? conditions) =>
    [
        .. (conditions?.OfType<JsonObject>() ?? []).Select(item => new Condition(
            NodeData.Selector(item, "variable_selector"),
            NodeData.Text(item, "comparison_operator") ?? "",
            item["value"],
            NodeData.Object(item, "sub_variable_condition") is { } sub ? FileConditions.Read(sub) : null)),
    ];
}

/// <param name="IsAnd">All of them, else any.</param>
internal sealed record FileConditions(bool IsAnd, IReadOnlyList<FileCondition> Conditions)
{
    public static FileConditions Read(JsonObject data) => new(
        NodeData.Text(data, "logical_operator") != "or",
        [
            .. (NodeData.List(data, "conditions")?.OfType<JsonObject>() ?? []).Select(item => new FileCondition(
                NodeData.Text(item, "key") ?? "", NodeData.Text(item, "comparison_operator") ?? "", item["value"])),
        ]);
}

/// <summary>One comparison of a file's attribute.</summary>
internal sealed record FileCondition(string Key, string Operator, JsonNode? Expected);
