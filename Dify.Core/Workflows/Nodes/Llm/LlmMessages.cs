using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Models;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.AI;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>What the model is asked: the prompt's messages, then the memory, then the question.</summary>
internal sealed class LlmMessages
{
    /// <summary>Tokens for the memory when the model does not tell how much it takes.</summary>
    private const int UnknownBudget = 2000;

    private LlmMessages(List<ChatMessage> messages, JsonObject inputs)
    {
        Messages = messages;
        Inputs = inputs;
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>The variables that were used, for the log.</summary>
    public JsonObject Inputs { get; }

    /// <param name="answerTokens">Tokens that the answer may take of the model's context.</param>
    public static LlmMessages Build(LlmSettings settings, NodeRun run, int contextSize, int answerTokens)
    {
        var inputs = new JsonObject();
        var context = LlmContext.Read(run.Variables, settings.ContextSelector);
        if (context.Length > 0)
        {
            inputs["#context#"] = context;
            context = settings.ContextFrame?.Render(run.Variables, context) ?? context;
        }

        foreach (var selector in settings.Prompts.SelectMany(prompt => prompt.References))
        {
            run.Variables.TryGet(selector, out var value);
            inputs[$"#{string.Join('.', selector)}#"] = value?.DeepClone();
        }

        var messages = new List<ChatMessage>();
        var history = settings.Memory is null ? [] : Recent(run, settings.Memory);
        if (settings.IsCompletion)
        {
            AddText(messages, settings, run, context, history);
        }
        else
        {
            foreach (var prompt in settings.Prompts)
            {
                Add(messages, prompt.Role, prompt.Render(run.Variables, context));
            }

            AddMemory(messages, settings.Memory, run, history, contextSize, answerTokens);
        }

        return messages.Count > 0
            ? new LlmMessages(messages, inputs)
            : throw new NodeFailedException(
                "No prompt found in the LLM configuration. Please ensure a prompt is properly configured before proceeding.",
                "NoPromptFoundError")
            { Inputs = inputs };
    }

    private static void AddMemory(
        List<ChatMessage> messages, LlmMemory? memory, NodeRun run, IReadOnlyList<HistoryMessage> history,
        int contextSize, int answerTokens)
    {
        if (memory is null)
        {
            return;
        }

        var query = memory.Query?.Render(run.Variables)
            ?? (run.Variables.TryGet([VariablePool.System, "query"], out var asked) ? VariableText.Render(asked, RenderMode.Text) : "");
        var first = history.Count;
        var budget = contextSize > 0
            ? contextSize - answerTokens - messages.Sum(message => Tokens(message.Text)) - Tokens(query)
            : UnknownBudget;
        while (first > 0 && (budget -= Tokens(history[first - 1].Text)) >= 0)
        {
            first--;
        }

        // A memory that begins with an answer would confuse the model.
        while (first < history.Count && history[first].Role != "user")
        {
            first++;
        }

        for (var i = first; i < history.Count; i++)
        {
            Add(messages, history[i].Role, history[i].Text);
        }

        Add(messages, "user", query);
    }

    private static void AddText(
        List<ChatMessage> messages, LlmSettings settings, NodeRun run, string context, IReadOnlyList<HistoryMessage> history)
    {
        var told = new StringBuilder();
        foreach (var message in history)
        {
            told.Append(message.Role == "user" ? settings.Memory!.UserPrefix : settings.Memory!.AssistantPrefix)
                .Append(": ").Append(message.Text).Append('\n');
        }

        var prompt = settings.Prompts[0];
        var text = prompt.Render(run.Variables, context, told.ToString().TrimEnd());
        Add(messages, "user", prompt.HasHistories || told.Length == 0 ? text : told + "\n" + text);
    }

    private static void Add(List<ChatMessage> messages, string role, string text)
    {
        if (text.Length > 0)
        {
            messages.Add(new ChatMessage(
                role switch { "system" => ChatRole.System, "assistant" => ChatRole.Assistant, _ => ChatRole.User }, text));
        }
    }

    private static IReadOnlyList<HistoryMessage> Recent(NodeRun run, LlmMemory memory)
    {
        var all = run.Context.Find<ConversationHistory>()?.Messages ?? [];
        var first = all.Count;
        for (var turns = 0; first > 0 && turns < memory.Turns; first--)
        {
            turns += all[first - 1].Role == "user" ? 1 : 0;
        }

        return first == 0 ? all : [.. all.Skip(first)];
    }

    /// <summary>A short text needs no exact count: it never has more tokens than bytes.</summary>
    private static int Tokens(string text) => text.Length <= 200 ? (text.Length + 1) / 2 : TokenCounter.Count(text);
}
