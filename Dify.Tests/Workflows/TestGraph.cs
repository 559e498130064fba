using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Tests.Workflows;

/// <summary>Builds graphs in the shape of the DSL.</summary>
internal sealed class TestGraph
{
    private readonly JsonArray _nodes = [];
    private readonly JsonArray _edges = [];

    public TestGraph() => Node("s", "start");

    public TestGraph Node(string id, string type, JsonObject? data = null)
    {
        data ??= [];
        data["type"] = type;
        data["title"] = id;
        _nodes.Add(new JsonObject { ["id"] = id, ["type"] = "custom", ["data"] = data });
        return this;
    }

    public TestGraph Answer(string id, string text) => Node(id, "answer", new JsonObject { ["answer"] = text });

    public TestGraph End(string id, string name, params string[] selector) => Node(id, "end", new JsonObject
    {
        ["outputs"] = new JsonArray(new JsonObject
        {
            ["variable"] = name,
            ["value_selector"] = new JsonArray([.. selector.Select(part => (JsonNode)part)]),
        }),
    });

    public TestGraph Edge(string source, string target, string handle = "source")
    {
        _edges.Add(new JsonObject { ["source"] = source, ["target"] = target, ["sourceHandle"] = handle });
        return this;
    }

    public TestGraph Path(params string[] ids)
    {
        for (var i = 1; i < ids.Length; i++)
        {
            Edge(ids[i - 1], ids[i]);
        }

        return this;
    }

    public GraphDefinition Build() =>
        GraphDefinition.Parse(new JsonObject { ["nodes"] = _nodes.DeepClone(), ["edges"] = _edges.DeepClone() });
}
