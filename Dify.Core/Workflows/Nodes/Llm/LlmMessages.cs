using System.Text.Json.Nodes;
using Dify.Core.Models;
using Dify.Core.Sandbox;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Prompts;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.AI;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>What the model is asked: the prompt's messages, then the memory, then the question, then the pictures.</summary>
internal sealed class LlmMessages(LlmSettings settings, NodeRun run, IJinjaRenderer jinja, PromptFiles files)
{
    private readonly List<ChatMessage> _messages = [];

    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>The variables that were used, for the log.</summary>
    public JsonObject Inputs { get; } = [];

    /// <summary>Passages of knowledge bases in the context.</summary>
    public IReadOnlyList<JsonObject> Resources { get; private set; } = [];

    /// <param name="answerTokens">Tokens that the answer may take of the model's context.</param>
    /// <exception cref="NodeFailedException">A variable is missing, a template is wrong, or nothing is left to ask.</exception>
    public async ValueTask BuildAsync(ChatModel model, int answerTokens, CancellationToken stop)
    {
        var context = LlmContext.Read(run.Variables, settings.ContextSelector);
        Resources = context.Resources;
        var text = context.Text;
        if (text.Length > 0)
        {
            Inputs["#context#"] = text;
            text = settings.ContextFrame?.Render(run.Variables, text) ?? text;
        }

        LogReferences();
        var jinjaVariables = JinjaVariables();
        if (settings.IsCompletion)
        {
            await AddTextAsync(jinjaVariables, text, model, answerTokens, stop);
        }
        else
        {
            foreach (var prompt in settings.Prompts)
            {
                Add(prompt.Role, await RenderAsync(prompt, jinjaVariables, text, "", stop));
                await AddPicturesAsync(prompt, model, stop);
            }

            AddMemory(model.Descriptor.ContextSize, answerTokens);
        }

        if (settings.Vision.IsOn)
        {
            if (PromptFiles.Values(settings.Vision, run.Variables) is { Count: > 0 } shown)
            {
                Inputs["#files#"] = shown;
            }

            await files.AttachAsync(_messages, settings.Vision, run, model, stop);
        }

        if (_messages.Count == 0)
        {
            throw new NodeFailedException(
                "No prompt found in the LLM configuration. Please ensure a prompt is properly configured before proceeding.",
                "NoPromptFoundError");
        }
    }

    /// <summary>Adds to what the system says, which then comes first.</summary>
    public void AddInstruction(string text)
    {
        if (_messages is [{ } first, ..] && first.Role == ChatRole.System)
        {
            _messages[0] = new ChatMessage(ChatRole.System, $"{first.Text}\n\n{text}");
        }
        else
        {
            _messages.Insert(0, new ChatMessage(ChatRole.System, text));
        }
    }

    private void LogReferences()
    {
        foreach (var prompt in settings.Prompts)
        {
            if (prompt.Jinja is not null)
            {
                continue;
            }

            foreach (var selector in prompt.Text.References)
            {
                run.Variables.TryGet(selector, out var value);
                Inputs[$"#{string.Join('.', selector)}#"] = run.Variables.IsSecret(selector)
                    ? VariableText.Mask(VariableText.Render(value, RenderMode.Text))
                    : value?.DeepClone();
            }
        }
    }

    private JsonObject JinjaVariables()
    {
        var variables = new JsonObject();
        foreach (var (name, selector) in settings.JinjaVariables)
        {
            if (!run.Variables.TryGet(selector, out var value))
            {
                throw new NodeFailedException($"Variable {name} not found", "VariableNotFoundError");
            }

            variables[name] = value?.DeepClone();
            Inputs[name] = run.Variables.IsSecret(selector)
                ? VariableText.Mask(VariableText.Render(value, RenderMode.Text))
                : value?.DeepClone();
        }

        return variables;
    }

    private ValueTask<string> RenderAsync(
        LlmPrompt prompt, JsonObject jinjaVariables, string context, string histories, CancellationToken stop) =>
        prompt.Jinja is { } template
            ? template.RenderAsync(jinja, jinjaVariables, context, histories, stop)
            : ValueTask.FromResult(prompt.Text.Render(run.Variables, context, histories));

    private void AddMemory(int contextSize, int answerTokens)
    {
        if (settings.Memory is not { } memory || !PromptMemory.HasConversation(run))
        {
            return;
        }

        var query = memory.Query?.Render(run.Variables)
            ?? (run.Variables.TryGet([VariablePool.System, "query"], out var asked) ? VariableText.Render(asked, RenderMode.Text) : "");
        var used = answerTokens + PromptMemory.Tokens(query) + _messages.Sum(message => PromptMemory.Tokens(message.Text));
        foreach (var message in memory.Fitting(run, contextSize, used))
        {
            Add(message.Role, message.Text);
        }

        Add("user", query);
    }

    private async ValueTask AddTextAsync(
        JsonObject jinjaVariables, string context, ChatModel model, int answerTokens, CancellationToken stop)
    {
        var prompt = settings.Prompts[0];
        var told = "";
        if (settings.Memory is { } memory)
        {
            var bare = await RenderAsync(prompt, jinjaVariables, context, "", stop);
            told = memory.ToText(memory.Fitting(run, model.Descriptor.ContextSize, answerTokens + PromptMemory.Tokens(bare)));
        }

        var text = await RenderAsync(prompt, jinjaVariables, context, told, stop);
        var hasPlace = prompt.Jinja?.HasHistories ?? prompt.Text.HasHistories;
        Add("user", hasPlace || told.Length == 0 ? text : told + "\n" + text);
        await AddPicturesAsync(prompt, model, stop);
    }

    private ValueTask AddPicturesAsync(LlmPrompt prompt, ChatModel model, CancellationToken stop) =>
        prompt.Jinja is null
            ? files.AddReferencedAsync(_messages, prompt.Role, prompt.Text, settings.Vision, run, model, stop)
            : ValueTask.CompletedTask;

    private void Add(string role, string text)
    {
        if (text.Length > 0)
        {
            _messages.Add(new ChatMessage(PromptFiles.RoleOf(role), text));
        }
    }
}
