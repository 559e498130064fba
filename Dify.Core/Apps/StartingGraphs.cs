using System.Text.Json.Nodes;
using Dify.Core.Models;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;

namespace Dify.Core.Apps;

/// <summary>What a new workflow or chatflow begins with.</summary>
internal static class StartingGraphs
{
    private const string Start = "start";
    private const string Llm = "llm";
    private const string Answer = "answer";

    public static WorkflowContent Workflow() => new()
    {
        Graph = Graph([Node(Start, 80, new JsonObject { ["type"] = NodeTypes.Start, ["title"] = "Start", ["variables"] = new JsonArray() })]),
    };

    /// <summary>A conversation with the given model.</summary>
    public static WorkflowContent Chatflow(ModelReference model) => new()
    {
        Graph = Graph(
        [
            Node(Start, 80, new JsonObject { ["type"] = NodeTypes.Start, ["title"] = "Start", ["variables"] = new JsonArray() }),
            Node(Llm, 380, new JsonObject
            {
                ["type"] = NodeTypes.Llm,
                ["title"] = "LLM",
                ["model"] = new JsonObject
                {
                    ["provider"] = model.Provider,
                    ["name"] = model.Name,
                    ["mode"] = "chat",
                    ["completion_params"] = new JsonObject { ["temperature"] = 0.7 },
                },
                ["prompt_template"] = new JsonArray(new JsonObject { ["role"] = "system", ["text"] = "" }),
                ["context"] = new JsonObject { ["enabled"] = false, ["variable_selector"] = new JsonArray() },
                ["vision"] = new JsonObject { ["enabled"] = false },
                ["memory"] = new JsonObject
                {
                    ["window"] = new JsonObject { ["enabled"] = false, ["size"] = 10 },
                    ["query_prompt_template"] = "{{#sys.query#}}\n\n{{#sys.files#}}",
                },
            }),
            Node(Answer, 680, new JsonObject
            {
                ["type"] = NodeTypes.Answer, ["title"] = "Answer", ["answer"] = "{{#llm.text#}}", ["variables"] = new JsonArray(),
            }),
        ]),
        Features = new JsonObject
        {
            ["opening_statement"] = "",
            ["suggested_questions"] = new JsonArray(),
            ["suggested_questions_after_answer"] = new JsonObject { ["enabled"] = false },
            ["retriever_resource"] = new JsonObject { ["enabled"] = true },
        },
    };

    private static JsonObject Graph(JsonObject[] nodes) => new()
    {
        ["nodes"] = new JsonArray([.. nodes]),
        ["edges"] = new JsonArray([.. nodes.Zip(nodes.Skip(1), Edge)]),
        ["viewport"] = new JsonObject { ["x"] = 0, ["y"] = 0, ["zoom"] = 1 },
    };

    private static JsonObject Node(string id, double x, JsonObject data)
    {
        data["desc"] = "";
        data["selected"] = false;
        return new JsonObject
        {
            ["id"] = id,
            ["type"] = "custom",
            ["data"] = data,
            ["position"] = new JsonObject { ["x"] = x, ["y"] = 282 },
            ["positionAbsolute"] = new JsonObject { ["x"] = x, ["y"] = 282 },
            ["sourcePosition"] = "right",
            ["targetPosition"] = "left",
            ["width"] = 244,
            ["height"] = 98,
        };
    }

    private static JsonObject Edge(JsonObject source, JsonObject target)
    {
        var (from, to) = (source["id"]!.ToString(), target["id"]!.ToString());
        return new JsonObject
        {
            ["id"] = $"{from}-source-{to}-target",
            ["source"] = from,
            ["sourceHandle"] = "source",
            ["target"] = to,
            ["targetHandle"] = "target",
            ["type"] = "custom",
            ["data"] = new JsonObject
            {
                ["sourceType"] = source["data"]!["type"]!.ToString(), ["targetType"] = target["data"]!["type"]!.ToString(),
            },
        };
    }
}
