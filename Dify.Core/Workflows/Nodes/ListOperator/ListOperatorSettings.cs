using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.ListOperator;

/// <summary>The data of a list-operator node in the form that a run needs.</summary>
internal sealed class ListOperatorSettings
{
    public string[] Selector { get; private init; } = [];

    public IReadOnlyList<ListCondition> Conditions { get; private init; } = [];

    /// <summary>Null: no single element is taken.</summary>
    public ReferenceTemplate? Serial { get; private init; }

    public bool Orders { get; private init; }

    public string OrderKey { get; private init; } = "";

    public bool IsDescending { get; private init; }

    /// <summary>Null: no limit. Below 0: that many fewer than there are.</summary>
    public int? Limit { get; private init; }

    public static ListOperatorSettings Read(NodeDefinition node)
    {
        var filter = Enabled(node.Data, "filter_by");
        var order = Enabled(node.Data, "order_by");
        var limit = Enabled(node.Data, "limit");
        var extract = Enabled(node.Data, "extract_by");
        return new ListOperatorSettings
        {
            Selector = NodeData.Selector(node.Data, "variable"),
            Conditions = [.. (filter is null ? null : NodeData.List(filter, "conditions"))?.OfType<JsonObject>().Select(ListCondition.Read) ?? []],
            Serial = extract is null ? null : ReferenceTemplate.Parse(extract["serial"]?.ToString() ?? "1"),
            Orders = order is not null,
            OrderKey = order is null ? "" : NodeData.Text(order, "key") ?? "",
            IsDescending = order is not null && NodeData.Text(order, "value") == "desc",
            Limit = limit is null ? null : (int)Math.Clamp(NodeData.Number(limit, "size") ?? -1, int.MinValue, int.MaxValue),
        };
    }

    private static JsonObject? Enabled(JsonObject data, string key) =>
        NodeData.Object(data, key) is { } part && NodeData.Flag(part, "enabled") ? part : null;
}

/// <summary>One condition; all of them must hold.</summary>
internal sealed record ListCondition(string Key, string Operator, JsonNode? Value, ReferenceTemplate? Text)
{
    public static ListCondition Read(JsonObject data)
    {
        var value = data["value"];
        return new ListCondition(
            NodeData.Text(data, "key") ?? "",
            NodeData.Text(data, "comparison_operator") ?? "contains",
            value,
            NodeData.Text(data, "value") is { } text ? ReferenceTemplate.Parse(text) : null);
    }
}
