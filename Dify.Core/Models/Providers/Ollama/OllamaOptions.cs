using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.Ollama;

/// <summary>
/// Asks for the configured context with every call, since Ollama's own default is small and cuts long prompts without
/// a word, and hands further parameters over in the types that the SDK expects.
/// </summary>
internal sealed class OllamaOptions(IChatClient inner, int contextSize) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, Complete(options), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, Complete(options), cancellationToken);

    private ChatOptions Complete(ChatOptions? options)
    {
        var complete = options?.Clone() ?? new ChatOptions();
        var extras = new AdditionalPropertiesDictionary { ["num_ctx"] = contextSize };
        foreach (var (name, value) in options?.AdditionalProperties ?? [])
        {
            if (Plain(value) is { } plain)
            {
                extras[name] = plain;
            }
        }

        complete.AdditionalProperties = extras;
        return complete;
    }

    private static object? Plain(object? value) => value is not JsonNode node ? value : node.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.Number => node.Deserialize<decimal>() is var number && number == decimal.Truncate(number) && Math.Abs(number) < int.MaxValue
            ? (object)(int)number
            : (float)number,
        _ => null,
    };
}
