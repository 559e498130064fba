using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Models;
using Microsoft.Extensions.AI;

namespace Dify.Core.Workflows.Prompts;

/// <summary>What a node with a model reports of it in <c>process_data</c> and metadata.</summary>
internal static class PromptLog
{
    public static JsonObject ProcessData(PromptModel settings, ChatModel model, IReadOnlyList<ChatMessage> messages) => new()
    {
        ["model_mode"] = settings.Mode,
        ["prompts"] = Prompts(messages),
        ["model_provider"] = model.Descriptor.Reference.Provider,
        ["model_name"] = model.Descriptor.Reference.Name,
    };

    public static JsonNode? Usage(ModelUsage usage) => JsonSerializer.SerializeToNode(usage, JsonDefaults.Wire);

    public static JsonObject Metadata(ModelUsage usage) => new()
    {
        ["total_tokens"] = usage.TotalTokens,
        ["total_price"] = usage.TotalPrice,
        ["currency"] = usage.Currency,
    };

    /// <summary>The usage of an answer, with the times that it took.</summary>
    public static ModelUsage Measure(ChatModel model, IReadOnlyList<ChatMessage> messages, ModelAnswer answer)
    {
        var prompt = answer.Usage is null ? string.Join('\n', messages.Select(message => message.Text)) : "";
        var elapsed = answer.Elapsed;
        return model.Measure(answer.Usage, prompt, answer.Text, elapsed) with
        {
            TimeToFirstToken = answer.FirstToken?.TotalSeconds,
            TimeToGenerate = answer.FirstToken is { } first ? (elapsed - first).TotalSeconds : null,
        };
    }

    private static JsonArray Prompts(IReadOnlyList<ChatMessage> messages)
    {
        var prompts = new JsonArray();
        foreach (var message in messages)
        {
            prompts.Add(new JsonObject
            {
                ["role"] = message.Role.Value,
                ["text"] = message.Text,
                ["files"] = new JsonArray([.. message.Contents.Select(File).OfType<JsonNode>()]),
            });
        }

        return prompts;
    }

    /// <summary>Which file was shown, never its content.</summary>
    private static JsonObject? File(AIContent content) => content is DataContent or UriContent
        ? new JsonObject
        {
            ["type"] = (content as DataContent)?.MediaType ?? ((UriContent)content).MediaType,
            ["url"] = (content as UriContent)?.Uri.ToString(),
            ["filename"] = content.AdditionalProperties?.GetValueOrDefault(PromptFiles.NameKey)?.ToString(),
            ["detail"] = content.AdditionalProperties?.GetValueOrDefault(PromptFiles.DetailKey)?.ToString(),
        }
        : null;
}
