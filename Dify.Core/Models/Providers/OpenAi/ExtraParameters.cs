using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Dify.Core.Models.Providers.OpenAi;

/// <summary>Puts parameters that the SDK does not know by name on the wire as they are.</summary>
internal sealed class ExtraParameters(IChatClient inner) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, WithExtras(options), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, WithExtras(options), cancellationToken);

    private static ChatOptions? WithExtras(ChatOptions? options)
    {
        if (options?.AdditionalProperties is not { Count: > 0 } extras)
        {
            return options;
        }

        var copy = options.Clone();
        copy.RawRepresentationFactory = _ => Raw(extras);
        return copy;
    }

#pragma warning disable SCME0001 // The patch is the SDK's own way to send what it has no property for.
    private static ChatCompletionOptions Raw(AdditionalPropertiesDictionary extras)
    {
        var raw = new ChatCompletionOptions();
        foreach (var (name, value) in extras)
        {
            if (value is JsonNode node && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            {
                raw.Patch.Set(Encoding.UTF8.GetBytes("$." + name), BinaryData.FromString(node.ToJsonString()));
            }
        }

        return raw;
    }
#pragma warning restore SCME0001
}
