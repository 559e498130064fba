using System.Text.Json;
using System.Text.Json.Nodes;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.Anthropic;

/// <summary>
/// Puts temperature, top_p, top_k and parameters without a name of their own on the wire, which the SDK's adapter
/// leaves out.
/// </summary>
internal sealed class SamplingParameters(IChatClient inner, string model, int defaultMaxTokens) : DelegatingChatClient(inner)
{
    private static readonly Dictionary<string, JsonElement> None = [];

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, Complete(options), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, Complete(options), cancellationToken);

    private ChatOptions? Complete(ChatOptions? options)
    {
        if (options is null || (options is { Temperature: null, TopP: null, TopK: null } && options.AdditionalProperties is not { Count: > 0 }))
        {
            return options;
        }

        var body = Body(options);
        var complete = options.Clone();
        complete.RawRepresentationFactory = _ => MessageCreateParams.FromRawUnchecked(None, None, body);
        return complete;
    }

    private Dictionary<string, JsonElement> Body(ChatOptions options)
    {
        var body = new Dictionary<string, JsonElement>
        {
            ["model"] = JsonSerializer.SerializeToElement(model),
            ["max_tokens"] = JsonSerializer.SerializeToElement(options.MaxOutputTokens ?? defaultMaxTokens),
            ["messages"] = JsonSerializer.SerializeToElement(Array.Empty<string>()),
        };
        foreach (var (name, value) in options.AdditionalProperties ?? [])
        {
            if (value is JsonNode node && !body.ContainsKey(name))
            {
                body[name] = JsonSerializer.SerializeToElement(node);
            }
        }

        Add(body, "temperature", (decimal?)options.Temperature);
        Add(body, "top_p", (decimal?)options.TopP);
        Add(body, "top_k", options.TopK);
        return body;
    }

    private static void Add(Dictionary<string, JsonElement> body, string name, decimal? value)
    {
        if (value is { } number)
        {
            body[name] = JsonSerializer.SerializeToElement(number);
        }
    }
}
