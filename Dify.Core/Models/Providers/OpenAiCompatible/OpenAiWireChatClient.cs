using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dify.Core.Models.Calls;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.OpenAiCompatible;

/// <summary>
/// A lean client of OpenAI's chat endpoint: one buffer out, one pass in. Tolerates what servers do differently: no usage,
/// no finish reason before <c>[DONE]</c>, errors inside the stream, <c>stream_options</c> refused.
/// </summary>
internal sealed class OpenAiWireChatClient(OpenAiWire wire, string model) : IChatClient
{
    private volatile bool _withUsage = true;

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var body = OpenAiRequest.Write(model, messages, options, stream: false, withUsage: false);
        using var response = await wire.PostChatAsync(body, stream: false, cancellationToken);
        var answer = await OpenAiWire.ReadAsync(response, OpenAiJson.Default.ChatCompletion, cancellationToken);
        ThrowIfError(answer);
        if (answer.Choices is not [{ Message: { } message } choice, ..])
        {
            throw new ProviderCallException(ProviderFailure.Malformed, "");
        }

        var contents = new List<AIContent>();
        AddText(contents, message);
        var calls = new ToolCallParts();
        calls.Add(message.ToolCalls);
        contents.AddRange(calls.Complete());
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            ResponseId = answer.Id,
            ModelId = answer.Model,
            FinishReason = Finish(choice.FinishReason) ?? ChatFinishReason.Stop,
            Usage = Usage(answer.Usage),
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await StartStreamAsync(messages, options, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var calls = new ToolCallParts();
        var done = false;
        ChatFinishReason? finish = null;
        await foreach (var item in SseParser.Create(stream, Parse).EnumerateAsync(cancellationToken))
        {
            if (item.Data is not { } chunk)
            {
                done = true;
                break;
            }

            ThrowIfError(chunk);
            var update = new ChatResponseUpdate { Role = ChatRole.Assistant, ResponseId = chunk.Id, MessageId = chunk.Id, ModelId = chunk.Model };
            if (chunk.Choices is [{ } choice, ..])
            {
                finish = Finish(choice.FinishReason) ?? finish;
                if (choice.Delta is { } delta)
                {
                    AddText(update.Contents, delta);
                    calls.Add(delta.ToolCalls);
                }
            }

            if (Usage(chunk.Usage) is { } usage)
            {
                update.Contents.Add(new UsageContent(usage));
            }

            if (update.Contents.Count > 0)
            {
                yield return update;
            }
        }

        if (done || finish is not null)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, calls.Complete()) { FinishReason = finish ?? ChatFinishReason.Stop };
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The connections belong to the client factory.
    }

    private async Task<HttpResponseMessage> StartStreamAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var withUsage = _withUsage;
        try
        {
            return await wire.PostChatAsync(OpenAiRequest.Write(model, messages, options, stream: true, withUsage), stream: true, cancellationToken);
        }
        catch (ProviderCallException refusal) when (withUsage && refusal.Status is 400 or 422
            && refusal.Message.Contains("stream_options", StringComparison.Ordinal))
        {
            _withUsage = false;
            return await wire.PostChatAsync(OpenAiRequest.Write(model, messages, options, stream: true, withUsage: false), stream: true, cancellationToken);
        }
    }

    /// <summary>Null for <c>[DONE]</c>.</summary>
    private static ChatCompletion? Parse(string eventType, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(data, OpenAiJson.Default.ChatCompletion);
        }
        catch (JsonException failure)
        {
            throw new ProviderCallException(ProviderFailure.Malformed, "", failure);
        }
    }

    private static void AddText(IList<AIContent> contents, WireMessage message)
    {
        if (message.ReasoningContent is { Length: > 0 } thoughts)
        {
            contents.Add(new TextReasoningContent(thoughts));
        }

        if ((message.Content ?? message.Refusal) is { Length: > 0 } text)
        {
            contents.Add(new TextContent(text));
        }
    }

    private static ChatFinishReason? Finish(string? reason) => reason switch
    {
        null or "" => null,
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        _ => new ChatFinishReason(reason),
    };

    private static UsageDetails? Usage(WireUsage? usage) => usage is null ? null : new UsageDetails
    {
        InputTokenCount = usage.PromptTokens,
        OutputTokenCount = usage.CompletionTokens,
        TotalTokenCount = usage.TotalTokens,
    };

    private static void ThrowIfError(ChatCompletion answer)
    {
        if (answer.Error is not { ValueKind: JsonValueKind.Object or JsonValueKind.String } error)
        {
            return;
        }

        var isObject = error.ValueKind == JsonValueKind.Object;
        var text = isObject && error.TryGetProperty("message", out var message) ? message.ToString() : error.ToString();
        var status = isObject && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number)
            ? number
            : 500;
        throw new ProviderCallException(ProviderFailure.Status, text) { Status = status };
    }
}
