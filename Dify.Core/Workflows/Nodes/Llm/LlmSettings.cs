using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Prompts;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>The data of an llm node in the form that a run needs.</summary>
internal sealed class LlmSettings
{
    public PromptModel Model { get; private init; } = new();

    public IReadOnlyList<LlmPrompt> Prompts { get; private init; } = [];

    /// <summary>What Jinja templates may name.</summary>
    public IReadOnlyList<(string Name, string[] Selector)> JinjaVariables { get; private init; } = [];

    /// <summary>One text instead of messages with roles.</summary>
    public bool IsCompletion { get; private init; }

    public string[] ContextSelector { get; private init; } = [];

    /// <summary>Put around a context that is not empty.</summary>
    public PromptTemplate? ContextFrame { get; private init; }

    public PromptMemory? Memory { get; private init; }

    public PromptVision Vision { get; private init; } = PromptVision.Off;

    public bool SeparatesReasoning { get; private init; }

    /// <summary>The answer is to be an object.</summary>
    public bool IsStructured { get; private init; }

    /// <summary>Null when there is none that could be used.</summary>
    public JsonObject? Schema { get; private init; }

    public static LlmSettings Read(NodeDefinition node)
    {
        var data = node.Data;
        var context = NodeData.Object(data, "context");
        var text = NodeData.Object(data, "prompt_template");
        return new LlmSettings
        {
            Model = PromptModel.Read(data),
            IsCompletion = text is not null,
            Prompts = text is not null
                ? [LlmPrompt.Read(text)]
                : [.. (NodeData.List(data, "prompt_template")?.OfType<JsonObject>() ?? []).Select(LlmPrompt.Read)],
            JinjaVariables = NodeData.Object(data, "prompt_config") is { } config ? ReadJinjaVariables(config) : [],
            ContextSelector = context is not null && NodeData.Flag(context, "enabled")
                ? NodeData.Selector(context, "variable_selector")
                : [],
            ContextFrame = context is not null && NodeData.Text(context, "frame") is { Length: > 0 } frame
                ? PromptTemplate.Parse(frame)
                : null,
            Memory = PromptMemory.Read(data),
            Vision = PromptVision.Read(data),
            SeparatesReasoning = NodeData.Text(data, "reasoning_format") == "separated",
            IsStructured = NodeData.Flag(data, "structured_output_enabled") || NodeData.Flag(data, "structured_output_switch_on"),
            Schema = ReadSchema(data),
        };
    }

    private static List<(string Name, string[] Selector)> ReadJinjaVariables(JsonObject config) =>
        [.. (NodeData.List(config, "jinja2_variables")?.OfType<JsonObject>() ?? [])
            .Select(item => (NodeData.Text(item, "variable") ?? "", NodeData.Selector(item, "value_selector")))
            .Where(item => item.Item1.Length > 0)];

    /// <summary>An object with a type or properties; some files keep it as text.</summary>
    private static JsonObject? ReadSchema(JsonObject data)
    {
        var output = NodeData.Object(data, "structured_output");
        var schema = output is null ? null : NodeData.Object(output, "schema");
        if (schema is null && output is not null && NodeData.Text(output, "schema") is { } text && PlainJson.TryParse(text, out var parsed))
        {
            schema = parsed as JsonObject;
        }

        return schema is { Count: > 0 } ? schema : null;
    }
}

/// <summary>One message of the prompt: a text with references, or a Jinja template.</summary>
internal sealed record LlmPrompt(string Role, PromptTemplate Text, JinjaPrompt? Jinja)
{
    public static LlmPrompt Read(JsonObject data) => new(
        NodeData.Text(data, "role") ?? "user",
        PromptTemplate.Parse(NodeData.Text(data, "text") ?? ""),
        NodeData.Text(data, "edition_type") == "jinja2" ? JinjaPrompt.Parse(NodeData.Text(data, "jinja2_text") ?? "") : null);
}
