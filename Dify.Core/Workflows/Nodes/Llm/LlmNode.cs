using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Workflows.Engine;
using Microsoft.Extensions.AI;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>Asks a language model and streams what it says.</summary>
internal sealed partial class LlmNode(ModelRuntime models) : INode
{
    private const string TextOutput = "text";

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = run.Node.Settings(LlmSettings.Read);
        var model = await GetModelAsync(settings, run, stop);
        var parameters = LlmParameters.Resolve(settings.CompletionParams, run.Variables);
        var asked = LlmMessages.Build(settings, run, model.Descriptor.ContextSize, LlmParameters.MaxTokens(parameters));
        var processData = ProcessData(settings, model, asked);

        var started = Stopwatch.GetTimestamp();
        var answer = new LlmAnswer(model.Client, asked, model.CreateOptions(parameters), processData);
        await using (answer)
        {
            while (await answer.MoveNextAsync(stop))
            {
                yield return NodeOutput.Piece(TextOutput, answer.Current);
            }
        }

        yield return NodeOutput.Piece(TextOutput, "", isFinal: true);

        var text = answer.Text;
        var prompt = string.Join('\n', asked.Messages.Select(message => message.Text));
        var usage = model.Measure(answer.Usage, prompt, text, Stopwatch.GetElapsedTime(started));
        yield return NodeOutput.End(Result(settings, asked, processData, answer, text, usage));
    }

    private async ValueTask<ChatModel> GetModelAsync(LlmSettings settings, NodeRun run, CancellationToken stop)
    {
        try
        {
            return await models.GetChatModelAsync(run.Context.WorkspaceId, settings.Model, stop);
        }
        catch (DifyException problem)
        {
            throw LlmErrors.ToFailure(problem, [], []);
        }
    }

    private static NodeResult Result(
        LlmSettings settings, LlmMessages asked, JsonObject processData, LlmAnswer answer, string text, ModelUsage usage)
    {
        var reasoning = answer.Reasoning;
        if (settings.SeparatesReasoning && text.Contains("<think", StringComparison.OrdinalIgnoreCase))
        {
            reasoning += string.Join('\n', Thinking().Matches(text).Select(match => match.Groups[1].Value.Trim()));
            text = Thinking().Replace(text, "").Trim();
        }

        var finishReason = answer.FinishReason;
        processData["usage"] = JsonSerializer.SerializeToNode(usage, JsonDefaults.Wire);
        processData["finish_reason"] = finishReason;
        return new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = asked.Inputs,
            ProcessData = processData,
            Outputs = new JsonObject
            {
                [TextOutput] = text,
                ["reasoning_content"] = reasoning,
                ["usage"] = JsonSerializer.SerializeToNode(usage, JsonDefaults.Wire),
                ["finish_reason"] = finishReason,
            },
            Metadata = new JsonObject
            {
                ["total_tokens"] = usage.TotalTokens,
                ["total_price"] = usage.TotalPrice,
                ["currency"] = usage.Currency,
            },
        };
    }

    private static JsonObject ProcessData(LlmSettings settings, ChatModel model, LlmMessages asked)
    {
        var prompts = new JsonArray();
        foreach (var message in asked.Messages)
        {
            prompts.Add(new JsonObject { ["role"] = message.Role.Value, ["text"] = message.Text, ["files"] = new JsonArray() });
        }

        return new JsonObject
        {
            ["model_mode"] = settings.Mode,
            ["prompts"] = prompts,
            ["model_provider"] = model.Descriptor.Reference.Provider,
            ["model_name"] = model.Descriptor.Reference.Name,
        };
    }

    [GeneratedRegex("<think[^>]*>(.*?)</think>", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Thinking();
}
