using System.Text.Json.Nodes;
using Dify.Core.Models;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>The data of an llm node in the form that a run needs.</summary>
internal sealed class LlmSettings
{
    /// <summary>Null: the workspace default.</summary>
    public ModelReference? Model { get; private init; }

    public string Mode { get; private init; } = "chat";

    public JsonObject CompletionParams { get; private init; } = [];

    public IReadOnlyList<LlmPrompt> Prompts { get; private init; } = [];

    /// <summary>One text instead of messages with roles.</summary>
    public bool IsCompletion { get; private init; }

    public string[] ContextSelector { get; private init; } = [];

    /// <summary>Put around a context that is not empty.</summary>
    public LlmPrompt? ContextFrame { get; private init; }

    public LlmMemory? Memory { get; private init; }

    public bool SeparatesReasoning { get; private init; }

    public static LlmSettings Read(NodeDefinition node)
    {
        var data = node.Data;
        var model = NodeData.Object(data, "model");
        var context = NodeData.Object(data, "context");
        var text = data["prompt_template"] as JsonObject;
        var provider = model is null ? null : NodeData.Text(model, "provider");
        var name = model is null ? null : NodeData.Text(model, "name");
        return new LlmSettings
        {
            Model = provider is { Length: > 0 } && name is { Length: > 0 } ? ModelReference.Parse(provider, name) : null,
            Mode = (model is null ? null : NodeData.Text(model, "mode")) ?? "chat",
            CompletionParams = (model is null ? null : NodeData.Object(model, "completion_params")) ?? [],
            IsCompletion = text is not null,
            Prompts = text is not null
                ? [LlmPrompt.Parse("user", NodeData.Text(text, "text") ?? "")]
                : [.. (NodeData.List(data, "prompt_template")?.OfType<JsonObject>() ?? [])
                    .Select(prompt => LlmPrompt.Parse(NodeData.Text(prompt, "role") ?? "user", NodeData.Text(prompt, "text") ?? ""))],
            ContextSelector = context is not null && NodeData.Flag(context, "enabled")
                ? NodeData.Selector(context, "variable_selector")
                : [],
            ContextFrame = context is not null && NodeData.Text(context, "frame") is { Length: > 0 } frame
                ? LlmPrompt.Parse("system", frame)
                : null,
            Memory = LlmMemory.Read(data),
            SeparatesReasoning = NodeData.Text(data, "reasoning_format") == "separated",
        };
    }
}

/// <summary>The turns before this one that the model is shown.</summary>
/// <param name="Turns">Questions with their answers, at most.</param>
internal sealed record LlmMemory(int Turns, ReferenceTemplate? Query, string UserPrefix, string AssistantPrefix)
{
    private const int MostTurns = 500;

    public static LlmMemory? Read(JsonObject data)
    {
        if (NodeData.Object(data, "memory") is not { } memory)
        {
            return null;
        }

        var window = NodeData.Object(memory, "window");
        var size = window is not null && NodeData.Flag(window, "enabled") ? NodeData.Number(window, "size") : null;
        var prefix = NodeData.Object(memory, "role_prefix");
        return new LlmMemory(
            (int)Math.Clamp(size ?? MostTurns, 0, MostTurns),
            NodeData.Text(memory, "query_prompt_template") is { Length: > 0 } query ? ReferenceTemplate.Parse(query) : null,
            (prefix is null ? null : NodeData.Text(prefix, "user")) is { Length: > 0 } user ? user : "Human",
            (prefix is null ? null : NodeData.Text(prefix, "assistant")) is { Length: > 0 } assistant ? assistant : "Assistant");
    }
}
