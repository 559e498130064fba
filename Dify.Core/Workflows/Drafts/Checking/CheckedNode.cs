using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Nodes;

namespace Dify.Core.Workflows.Drafts.Checking;

/// <summary>A node of a graph that is being checked.</summary>
internal sealed class CheckedNode(int index, string id, JsonObject envelope, JsonObject data)
{
    private NodeFacts? _facts;

    public int Index { get; } = index;

    public string Id { get; } = id;

    public JsonObject Data { get; } = data;

    public string Type { get; } = NodeData.Text(data, "type") ?? "";

    public string Version { get; } = NodeData.Text(data, "version") ?? "1";

    /// <summary>What a person calls it.</summary>
    public string Title { get; } = NodeData.Text(data, "title") is { Length: > 0 } title ? title : id;

    public string? ContainerId { get; } =
        NodeData.Text(data, "iteration_id") ?? NodeData.Text(data, "loop_id") ?? NodeData.Text(envelope, "parentId");

    public CheckedNode? Container { get; set; }

    public NodeFacts Facts => _facts ??= NodeCatalog.Describe(Type, Data);

    public List<(CheckedNode Target, string Handle)> Next { get; } = [];

    public List<CheckedNode> Previous { get; } = [];

    /// <summary>Whether a run can come here.</summary>
    public bool IsReachable { get; set; }

    public bool IsContainer => NodeTypes.KindOf(Type) == NodeKind.Container;

    public bool IsRoot => NodeTypes.KindOf(Type) == NodeKind.Root;
}
