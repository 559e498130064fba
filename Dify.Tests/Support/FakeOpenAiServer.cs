using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Dify.Tests.Support;

/// <summary>
/// A server in this process that speaks OpenAI's wire: chat (blocking and SSE), embeddings, reranking, models. Answers with
/// <see cref="OnChat"/>, remembers what it was asked, and fails as told.
/// </summary>
internal sealed class FakeOpenAiServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeOpenAiServer(WebApplication app) => _app = app;

    /// <summary>With <c>/v1</c>, as the setting <c>base_url</c> wants it.</summary>
    public string BaseUrl { get; private set; } = "";

    /// <summary>Answers chat requests; by default with the words of <see cref="DefaultAnswer"/>.</summary>
    public Func<FakeOpenAiRequest, FakeOpenAiReply> OnChat { get; set; } = _ => new FakeOpenAiReply(DefaultAnswer);

    /// <summary>Fails embedding requests when it returns a reply with a status other than 200.</summary>
    public Func<FakeOpenAiRequest, FakeOpenAiReply> OnEmbeddings { get; set; } = _ => new FakeOpenAiReply("");

    /// <summary>The score of a text for rerank requests.</summary>
    public Func<string, double> OnScore { get; set; } = _ => 0.5;

    /// <summary>Fails rerank requests when it returns a reply with a status other than 200 or a raw body.</summary>
    public Func<FakeOpenAiRequest, FakeOpenAiReply> OnRerank { get; set; } = _ => new FakeOpenAiReply("");

    public const string DefaultAnswer = "This is the answer of a fake model.";

    /// <summary>When set, any other bearer key is answered 401.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Null: <c>GET /models</c> is 404.</summary>
    public IReadOnlyList<string>? Models { get; set; } = ["fake-chat", "fake-embedding"];

    public int EmbeddingDimensions { get; set; } = 64;

    public ConcurrentQueue<FakeOpenAiRequest> Requests { get; } = new();

    /// <summary>The bodies of the chat requests so far.</summary>
    public IReadOnlyList<JsonObject> Chats => [.. Requests.Where(r => r.Path.EndsWith("/chat/completions", StringComparison.Ordinal)).Select(r => r.Body!)];

    /// <summary>The bodies of the rerank requests so far.</summary>
    public IReadOnlyList<JsonObject> Reranks => [.. Requests.Where(r => r.Path.EndsWith("/rerank", StringComparison.Ordinal)).Select(r => r.Body!)];

    public static async Task<FakeOpenAiServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeOpenAiServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        server.BaseUrl = app.Urls.First() + "/v1";
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        var body = http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0
            ? await JsonNode.ParseAsync(http.Request.Body) as JsonObject
            : null;
        var request = new FakeOpenAiRequest(
            http.Request.Path, body, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        Requests.Enqueue(request);
        if (ApiKey is not null && http.Request.Headers.Authorization != "Bearer " + ApiKey)
        {
            await FailAsync(http, new FakeOpenAiReply($"Incorrect API key provided: {http.Request.Headers.Authorization}") { Status = 401 });
            return;
        }

        var path = http.Request.Path.Value ?? "";
        if (path.EndsWith("/models", StringComparison.Ordinal))
        {
            await (Models is null
                ? FailAsync(http, new FakeOpenAiReply("Not Found") { Status = 404 })
                : WriteJsonAsync(http, new JsonObject
                {
                    ["object"] = "list",
                    ["data"] = new JsonArray([.. Models.Select(id => (JsonNode)new JsonObject { ["id"] = id, ["object"] = "model" })]),
                }));
        }
        else if (path.EndsWith("/chat/completions", StringComparison.Ordinal))
        {
            await ReplyAsync(http, request, OnChat(request));
        }
        else if (path.EndsWith("/embeddings", StringComparison.Ordinal))
        {
            await EmbedAsync(http, request, OnEmbeddings(request));
        }
        else if (path.EndsWith("/rerank", StringComparison.Ordinal))
        {
            await RerankAsync(http, request, OnRerank(request));
        }
        else
        {
            await FailAsync(http, new FakeOpenAiReply("no such endpoint " + path) { Status = 404 });
        }
    }

    private static async Task ReplyAsync(HttpContext http, FakeOpenAiRequest request, FakeOpenAiReply reply)
    {
        if (reply.Hold is { } hold)
        {
            await hold.WaitAsync(http.RequestAborted);
        }

        await Task.Delay(reply.FirstTokenDelay, http.RequestAborted);
        if (reply.Status != 200)
        {
            await FailAsync(http, reply);
        }
        else if (reply.RawBody is { } raw)
        {
            http.Response.ContentType = request.IsStream ? "text/event-stream" : "application/json";
            await http.Response.WriteAsync(raw);
        }
        else if (request.IsStream)
        {
            await FakeOpenAiStream.WriteAsync(http, request, reply);
        }
        else
        {
            await WriteJsonAsync(http, FakeOpenAiStream.Completion(request, reply));
        }
    }

    private async Task EmbedAsync(HttpContext http, FakeOpenAiRequest request, FakeOpenAiReply reply)
    {
        await Task.Delay(reply.FirstTokenDelay, http.RequestAborted);
        if (reply.Status != 200)
        {
            await FailAsync(http, reply);
            return;
        }

        if (reply.RawBody is { } raw)
        {
            await http.Response.WriteAsync(raw);
            return;
        }

        var inputs = request.Body!["input"] is JsonArray many ? many.Select(text => text!.ToString()).ToList() : [request.Body["input"]!.ToString()];
        var dimensions = (int?)request.Body["dimensions"] ?? EmbeddingDimensions;
        var base64 = (string?)request.Body["encoding_format"] == "base64";
        await WriteJsonAsync(http, new JsonObject
        {
            ["object"] = "list",
            ["model"] = request.Model,
            ["data"] = new JsonArray([.. inputs.Select((text, index) => (JsonNode)new JsonObject
            {
                ["object"] = "embedding",
                ["index"] = index,
                ["embedding"] = FakeOpenAiStream.Vector(text, dimensions, base64),
            })]),
            ["usage"] = new JsonObject { ["prompt_tokens"] = inputs.Sum(text => text.Length / 4), ["total_tokens"] = inputs.Sum(text => text.Length / 4) },
        });
    }

    /// <summary>As Jina answers: the best ones only, best first.</summary>
    private async Task RerankAsync(HttpContext http, FakeOpenAiRequest request, FakeOpenAiReply reply)
    {
        if (reply.Hold is { } hold)
        {
            await hold.WaitAsync(http.RequestAborted);
        }

        if (reply.Status != 200)
        {
            await FailAsync(http, reply);
            return;
        }

        if (reply.RawBody is { } raw)
        {
            await http.Response.WriteAsync(raw);
            return;
        }

        var ranked = request.Body!["documents"]!.AsArray().Select((text, index) => (Index: index, Score: OnScore(text!.ToString())))
            .OrderByDescending(one => one.Score).Take((int)request.Body["top_n"]!);
        await WriteJsonAsync(http, new JsonObject
        {
            ["model"] = request.Model,
            ["results"] = new JsonArray([.. ranked.Select(one => (JsonNode)new JsonObject { ["index"] = one.Index, ["relevance_score"] = one.Score })]),
            ["usage"] = new JsonObject { ["total_tokens"] = 42 },
        });
    }

    private static async Task FailAsync(HttpContext http, FakeOpenAiReply reply)
    {
        http.Response.StatusCode = reply.Status;
        if (reply.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await WriteJsonAsync(http, new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = reply.Text, ["type"] = "fake_error", ["code"] = reply.ErrorCode },
        });
    }

    private static async Task WriteJsonAsync(HttpContext http, JsonObject body)
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body.ToJsonString());
    }
}
