using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>
/// Every iteration and loop begins with a silent start node. Files of Dify before 0.8 have none: there
/// <c>start_node_id</c> names the first working node, or that node says <c>isIterationStart</c>.
/// </summary>
internal static class ContainerStarts
{
    private const int ChildLayer = 1002;

    public static int Apply(FileGraph graph) =>
        graph.OfType("iteration", "loop").ToList().Count(container => AddStart(graph, container.Node, container.Data));

    private static bool AddStart(FileGraph graph, JsonObject container, JsonObject data)
    {
        if (FileGraph.Id(container) is not { Length: > 0 } id)
        {
            return false;
        }

        var kind = FileGraph.Type(container)!;
        var named = graph.Find(NodeData.Text(data, "start_node_id"));
        if (named is not null && IsStart(named, kind))
        {
            return false;
        }

        var children = graph.Nodes.Where(node => IsChild(node, id)).ToList();
        var start = children.Find(node => IsStart(node, kind));
        if (start is not null)
        {
            data["start_node_id"] = FileGraph.Id(start);
            return true;
        }

        start = Start(graph, container, kind, id);
        graph.NodeList.Add(start);
        data["start_node_id"] = FileGraph.Id(start);
        var first = named ?? children.Find(node => NodeData.Flag(FileGraph.Data(node), "isIterationStart"));
        if (first is not null)
        {
            graph.EdgeList.Add(Edge(start, first, kind, id));
        }

        return true;
    }

    private static bool IsStart(JsonObject node, string kind) => FileGraph.Type(node) == kind + "-start";

    private static bool IsChild(JsonObject node, string id)
    {
        var data = FileGraph.Data(node);
        return NodeData.Text(node, "parentId") == id || NodeData.Text(data, "iteration_id") == id || NodeData.Text(data, "loop_id") == id;
    }

    private static JsonObject Start(FileGraph graph, JsonObject container, string kind, string id)
    {
        var startId = id + "start";
        for (var number = 0; graph.Find(startId) is not null; number++)
        {
            startId = $"{id}start{number}";
        }

        var place = container["positionAbsolute"] as JsonObject ?? container["position"] as JsonObject ?? [];
        return new JsonObject
        {
            ["id"] = startId,
            ["type"] = $"custom-{kind}-start",
            ["data"] = new JsonObject
            {
                ["type"] = kind + "-start",
                ["title"] = "",
                ["desc"] = "",
                ["selected"] = false,
                [Inside(kind)] = true,
            },
            ["parentId"] = id,
            ["position"] = new JsonObject { ["x"] = 24, ["y"] = 68 },
            ["positionAbsolute"] = new JsonObject
            {
                ["x"] = (NodeData.Number(place, "x") ?? 0) + 24,
                ["y"] = (NodeData.Number(place, "y") ?? 0) + 68,
            },
            ["width"] = 44,
            ["height"] = 48,
            ["sourcePosition"] = "right",
            ["targetPosition"] = "left",
            ["zIndex"] = ChildLayer,
            ["draggable"] = false,
            ["selectable"] = false,
        };
    }

    private static JsonObject Edge(JsonObject start, JsonObject first, string kind, string containerId)
    {
        var (source, target) = (FileGraph.Id(start), FileGraph.Id(first));
        return new JsonObject
        {
            ["id"] = $"{source}-source-{target}-target",
            ["source"] = source,
            ["sourceHandle"] = "source",
            ["target"] = target,
            ["targetHandle"] = "target",
            ["type"] = "custom",
            ["zIndex"] = ChildLayer,
            ["data"] = new JsonObject
            {
                ["sourceType"] = kind + "-start",
                ["targetType"] = FileGraph.Type(first),
                [Inside(kind)] = true,
                [kind + "_id"] = containerId,
            },
        };
    }

    private static string Inside(string kind) => kind == "loop" ? "isInLoop" : "isInIteration";
}
