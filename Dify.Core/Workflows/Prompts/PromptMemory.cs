using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Models;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Prompts;

/// <summary>The turns before this one that the model is shown.</summary>
/// <param name="Turns">Questions with their answers, at most.</param>
internal sealed record PromptMemory(int Turns, ReferenceTemplate? Query, string UserPrefix, string AssistantPrefix)
{
    private const int MostTurns = 500;

    /// <summary>Tokens for the memory when the model does not tell how much it takes.</summary>
    private const int UnknownBudget = 2000;

    /// <summary>Null when the node has no memory.</summary>
    public static PromptMemory? Read(JsonObject data)
    {
        if (NodeData.Object(data, "memory") is not { } memory)
        {
            return null;
        }

        var window = NodeData.Object(memory, "window");
        var size = window is not null && NodeData.Flag(window, "enabled") ? NodeData.Number(window, "size") : null;
        var prefix = NodeData.Object(memory, "role_prefix");
        return new PromptMemory(
            (int)Math.Clamp(size ?? MostTurns, 0, MostTurns),
            NodeData.Text(memory, "query_prompt_template") is { Length: > 0 } query ? ReferenceTemplate.Parse(query) : null,
            (prefix is null ? null : NodeData.Text(prefix, "user")) is { Length: > 0 } user ? user : "Human",
            (prefix is null ? null : NodeData.Text(prefix, "assistant")) is { Length: > 0 } assistant ? assistant : "Assistant");
    }

    /// <summary>A workflow has no conversation, and so no memory either.</summary>
    public static bool HasConversation(NodeRun run) =>
        run.Context.Find<ConversationHistory>() is not null
        || (run.Variables.TryGet([VariablePool.System, "conversation_id"], out var id) && id?.ToString() is { Length: > 0 });

    /// <summary>The newest turns that fit, oldest first.</summary>
    /// <param name="contextSize">Tokens that the model takes; 0 when it does not tell.</param>
    /// <param name="usedTokens">What the rest of the prompt and the answer take of it.</param>
    public IReadOnlyList<HistoryMessage> Fitting(NodeRun run, int contextSize, int usedTokens)
    {
        var history = run.Context.Find<ConversationHistory>()?.Messages ?? [];
        var from = history.Count;
        for (var turns = 0; from > 0 && turns < Turns; from--)
        {
            turns += history[from - 1].Role == "user" ? 1 : 0;
        }

        var first = history.Count;
        var budget = contextSize > 0 ? contextSize - usedTokens : UnknownBudget;
        while (first > from && (budget -= Tokens(history[first - 1].Text)) >= 0)
        {
            first--;
        }

        // A memory that begins with an answer would confuse the model.
        while (first < history.Count && history[first].Role != "user")
        {
            first++;
        }

        return first == 0 ? history : [.. history.Skip(first)];
    }

    /// <summary>The turns as one text, a line for each message.</summary>
    public string ToText(IReadOnlyList<HistoryMessage> messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages)
        {
            text.Append(message.Role == "user" ? UserPrefix : AssistantPrefix).Append(": ").Append(message.Text).Append('\n');
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>A short text needs no exact count: it never has more tokens than bytes.</summary>
    public static int Tokens(string text) => text.Length <= 200 ? (text.Length + 1) / 2 : TokenCounter.Count(text);
}
