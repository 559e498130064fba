using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Dify.Tests.Support;

/// <summary>Bodies of the fake OpenAI wire.</summary>
internal static class FakeOpenAiStream
{
    public static JsonObject Completion(FakeOpenAiRequest request, FakeOpenAiReply reply)
    {
        var answer = new JsonObject
        {
            ["id"] = "chatcmpl-fake",
            ["object"] = "chat.completion",
            ["created"] = 1700000000,
            ["model"] = request.Model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = reply.Text, ["tool_calls"] = ToolCalls(reply) },
                ["finish_reason"] = "stop",
            }),
        };
        if (reply.WithUsage)
        {
            answer["usage"] = Usage(reply);
        }

        return answer;
    }

    public static async Task WriteAsync(HttpContext http, FakeOpenAiRequest request, FakeOpenAiReply reply)
    {
        http.Response.ContentType = "text/event-stream";
        if (reply.CutAfterPieces is not null)
        {
            // A length that is never reached: the server delivers what it has and drops the connection.
            http.Response.ContentLength = 1_000_000;
        }

        if (reply.Reasoning is { } reasoning)
        {
            await SendAsync(http, Chunk(request, new JsonObject { ["role"] = "assistant", ["reasoning_content"] = reasoning }, null));
        }

        var pieces = reply.Pieces ?? Pieces(reply.Text);
        for (var i = 0; i < pieces.Count; i++)
        {
            if (i == reply.CutAfterPieces)
            {
                return;
            }

            if (i > 0)
            {
                await Task.Delay(reply.PieceDelay, http.RequestAborted);
            }

            if (i == 1 && reply.HoldAfterFirstPiece is { } hold)
            {
                await hold.WaitAsync(http.RequestAborted);
            }

            await SendAsync(http, Chunk(request, new JsonObject { ["role"] = "assistant", ["content"] = pieces[i] }, null));
        }

        await SendAsync(http, Chunk(request, [], "stop"));
        if (reply.WithUsage && request.Body?["stream_options"]?["include_usage"] is not null)
        {
            var last = Chunk(request, [], null);
            last["choices"] = new JsonArray();
            last["usage"] = Usage(reply);
            await SendAsync(http, last);
        }

        await http.Response.WriteAsync("data: [DONE]\n\n");
    }

    /// <summary>The same text gives the same vector, texts that share words similar ones.</summary>
    public static JsonNode Vector(string text, int dimensions, bool base64)
    {
        var vector = new float[dimensions];
        foreach (var word in text.ToLowerInvariant().Split([' ', '\n', '.', ',', '?', '!'], StringSplitOptions.RemoveEmptyEntries))
        {
            var hash = word.Aggregate(2166136261u, (h, c) => (h ^ c) * 16777619u);
            vector[hash % (uint)dimensions] += 1;
        }

        var length = MathF.Sqrt(vector.Sum(v => v * v));
        vector = length == 0 ? [1, .. vector.Skip(1)] : [.. vector.Select(v => v / length)];
        return base64
            ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector))
            : new JsonArray([.. vector.Select(v => (JsonNode)v)]);
    }

    private static JsonArray? ToolCalls(FakeOpenAiReply reply) => reply.ToolCall is not { } call ? null : new JsonArray(new JsonObject
    {
        ["id"] = "call_1",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
    });

    private static JsonObject Usage(FakeOpenAiReply reply) => new()
    {
        ["prompt_tokens"] = reply.PromptTokens,
        ["completion_tokens"] = reply.CompletionTokens,
        ["total_tokens"] = reply.PromptTokens + reply.CompletionTokens,
    };

    private static JsonObject Chunk(FakeOpenAiRequest request, JsonObject delta, string? finish) => new()
    {
        ["id"] = "chatcmpl-fake",
        ["object"] = "chat.completion.chunk",
        ["created"] = 1700000000,
        ["model"] = request.Model,
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
    };

    private static async Task SendAsync(HttpContext http, JsonObject chunk)
    {
        await http.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n");
        await http.Response.Body.FlushAsync();
    }

    private static List<string> Pieces(string text)
    {
        var words = text.Split(' ');
        return [.. words.Select((word, i) => i == 0 ? word : " " + word)];
    }
}
