using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Tests.Workflows;

/// <summary>Builds graphs in the shape of the DSL.</summary>
internal sealed class TestGraph
{
    private readonly JsonArray _nodes = [];
    private readonly JsonArray _edges = [];

    /// <param name="input">A text that the start node asks for; null: none.</param>
    public TestGraph(string? input = null, bool required = false) => Node("s", "start", input is null ? null : new JsonObject
    {
        ["variables"] = new JsonArray(new JsonObject
        {
            ["variable"] = input,
            ["type"] = "text-input",
            ["label"] = input,
            ["required"] = required,
        }),
    });

    public TestGraph Node(string id, string type, JsonObject? data = null)
    {
        data ??= [];
        data["type"] = type;
        data["title"] = id;
        _nodes.Add(new JsonObject { ["id"] = id, ["type"] = "custom", ["data"] = data });
        return this;
    }

    /// <summary>Asks the fake model.</summary>
    public TestGraph Model(string id, string prompt, JsonObject? memory = null) => Node(id, "llm", new JsonObject
    {
        ["model"] = new JsonObject
        {
            ["provider"] = "openai-compatible", ["name"] = "fake-chat", ["mode"] = "chat", ["completion_params"] = new JsonObject(),
        },
        ["prompt_template"] = new JsonArray(new JsonObject { ["role"] = "system", ["text"] = prompt }),
        ["context"] = new JsonObject { ["enabled"] = false, ["variable_selector"] = new JsonArray() },
        ["vision"] = new JsonObject { ["enabled"] = false },
        ["memory"] = memory,
    });

    public TestGraph Answer(string id, string text) => Node(id, "answer", new JsonObject { ["answer"] = text });

    public TestGraph End(string id, string name, params string[] selector) => Node(id, "end", new JsonObject
    {
        ["outputs"] = new JsonArray(new JsonObject
        {
            ["variable"] = name,
            ["value_selector"] = new JsonArray([.. selector.Select(part => (JsonNode)part)]),
        }),
    });

    /// <summary>An iteration whose nodes inside begin behind <c>{id}start</c>.</summary>
    public TestGraph Iteration(string id, string[] items, string[] output, JsonObject? more = null)
    {
        var data = more ?? [];
        data["iterator_selector"] = new JsonArray([.. items.Select(part => (JsonNode)part)]);
        data["output_selector"] = new JsonArray([.. output.Select(part => (JsonNode)part)]);
        data["start_node_id"] = id + "start";
        return Node(id, "iteration", data).Node(id + "start", "iteration-start", new JsonObject { ["iteration_id"] = id });
    }

    /// <summary>A loop with a number <c>n</c> from 0, whose nodes inside begin behind <c>{id}start</c>.</summary>
    public TestGraph Loop(string id, int count, JsonObject? more = null)
    {
        var data = more ?? [];
        data["loop_count"] = count;
        data["start_node_id"] = id + "start";
        data["loop_variables"] ??= new JsonArray(
            new JsonObject { ["label"] = "n", ["var_type"] = "number", ["value_type"] = "constant", ["value"] = "0" });
        return Node(id, "loop", data).Node(id + "start", "loop-start", new JsonObject { ["loop_id"] = id });
    }

    /// <summary>Adds a constant to a variable.</summary>
    public TestGraph Add(string id, string container, string name, int amount) => Node(id, "assigner", new JsonObject
    {
        ["version"] = "2",
        ["loop_id"] = container,
        ["items"] = new JsonArray(new JsonObject
        {
            ["variable_selector"] = new JsonArray(container, name),
            ["operation"] = "+=",
            ["input_type"] = "constant",
            ["value"] = amount,
        }),
    });

    public static JsonObject Condition(string node, string name, string comparison, JsonNode value) => new()
    {
        ["variable_selector"] = new JsonArray(node, name), ["comparison_operator"] = comparison, ["value"] = value,
    };

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

    public GraphDefinition Build() => GraphDefinition.Parse(ToJson());

    public JsonObject ToJson() => new() { ["nodes"] = _nodes.DeepClone(), ["edges"] = _edges.DeepClone() };
}
