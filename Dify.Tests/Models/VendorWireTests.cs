using System.Text.Json.Nodes;
using Dify.Core.Models;
using Dify.Core.Models.Calls;
using Dify.Core.Models.Credentials;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Xunit;

namespace Dify.Tests.Models;

/// <summary>The clients of vendors against small fakes of their wires.</summary>
public sealed class VendorWireTests
{
    private const string Key = "sk-ant-canary-0123456789";

    private const string AnthropicStream = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":21,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" Claude"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":9}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    private const string OllamaStream = """
        {"model":"llama3.2","created_at":"2025-01-01T00:00:00Z","message":{"role":"assistant","content":"Hello"},"done":false}
        {"model":"llama3.2","created_at":"2025-01-01T00:00:00Z","message":{"role":"assistant","content":" llama"},"done":false}
        {"model":"llama3.2","created_at":"2025-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":21,"eval_count":9}

        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Anthropic_lists_answers_streams_and_is_measured()
    {
        await using var wire = await Wire.StartAsync(http => http.Request.Path.Value switch
        {
            "/v1/models" => (200, """{"data":[{"type":"model","id":"claude-haiku-4-5","display_name":"Claude Haiku 4.5","created_at":"2025-01-01T00:00:00Z"}],"has_more":false,"first_id":null,"last_id":null}"""),
            _ => (200, AnthropicStream),
        });
        await using var database = await TestDatabase.CreateAsync();
        var model = await SetUpAsync(database, wire, "anthropic", "claude-haiku-4-5");
        Assert.Equal(0.000001m, model.Descriptor.InputPrice);

        var answer = await model.Client.GetStreamingResponseAsync(
            [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi")], model.CreateOptions(new JsonObject { ["temperature"] = 3, ["max_tokens"] = 77, ["presence_penalty"] = 1 }), Cancelled)
            .ToChatResponseAsync(Cancelled);
        Assert.Equal("Hello Claude", answer.Text);
        Assert.Equal(9, answer.Usage!.OutputTokenCount);
        var body = wire.Bodies[^1]!;
        Assert.Equal((1.0, 77), ((double)body["temperature"]!, (int)body["max_tokens"]!));
        Assert.Equal("Hi", (string?)body["messages"]![0]!["content"]![0]!["text"]);
        Assert.Equal("Bearer " + Key, wire.Headers[^1]["authorization"]);
    }

    [Fact]
    public async Task Ollama_lists_answers_streams_and_gets_the_whole_context()
    {
        await using var wire = await Wire.StartAsync(http => http.Request.Path.Value switch
        {
            "/api/tags" => (200, """{"models":[{"name":"llama3.2:latest","model":"llama3.2:latest","size":1,"digest":"x","details":{"family":"llama"}},{"name":"nomic-embed-text:latest","model":"nomic-embed-text:latest","size":1,"digest":"x","details":{"family":"nomic-bert"}}]}"""),
            "/api/embed" => (200, """{"model":"nomic-embed-text","embeddings":[[1,0,0],[0,1,0]],"prompt_eval_count":4}"""),
            _ => (200, OllamaStream),
        });
        await using var database = await TestDatabase.CreateAsync();
        var model = await SetUpAsync(database, wire, "ollama", "llama3.2:latest");
        var answer = await model.Client.GetStreamingResponseAsync(
            "Hi", model.CreateOptions(new JsonObject { ["temperature"] = 0.5, ["num_gpu"] = 1, ["stop"] = new JsonArray("END") }), Cancelled).ToChatResponseAsync(Cancelled);
        Assert.Equal("Hello llama", answer.Text);
        Assert.Equal((21, 9), (answer.Usage!.InputTokenCount, answer.Usage.OutputTokenCount));
        Assert.Equal(8192, (int)wire.Bodies[^1]!["options"]!["num_ctx"]!);

        var listed = await database.Get<ModelCatalog>().ListAsync(wire.Actor.WorkspaceId, ModelType.TextEmbedding, Cancelled);
        var embedding = await database.Get<ModelRuntime>().GetEmbeddingModelAsync(
            wire.Actor.WorkspaceId, listed.Single(m => m.Reference.Provider == "ollama").Reference, Cancelled);
        var vectors = await embedding.Generator.GenerateAsync(["a", "b"], cancellationToken: Cancelled);
        Assert.Equal([0f, 1f, 0f], vectors[1].Vector.ToArray());
    }

    [Theory]
    [InlineData("anthropic", 401, "provider_not_initialize")]
    [InlineData("anthropic", 404, "model_currently_not_support")]
    [InlineData("anthropic", 429, "completion_request_error")]
    [InlineData("anthropic", 529, "completion_request_error")]
    [InlineData("ollama", 404, "model_currently_not_support")]
    [InlineData("ollama", 500, "completion_request_error")]
    public async Task Failures_of_every_vendor_are_coded_alike(string provider, int status, string code)
    {
        var failing = false;
        await using var wire = await Wire.StartAsync(http => failing
            ? (status, $$$"""{"type":"error","error":{"type":"some_error","message":"wrong {{{Key}}}"}}""")
            : (200, provider == "ollama" ? """{"models":[]}""" : """{"data":[],"has_more":false,"first_id":null,"last_id":null}"""));
        await using var database = await TestDatabase.CreateAsync();
        var model = await SetUpAsync(database, wire, provider, "some-model");
        failing = true;
        var streamed = await Assert.ThrowsAsync<ModelCallException>(() => model.Client.GetStreamingResponseAsync("Hi", cancellationToken: Cancelled).ToChatResponseAsync(Cancelled));
        var blocking = await Assert.ThrowsAsync<ModelCallException>(() => model.Client.GetResponseAsync("Hi", cancellationToken: Cancelled));
        Assert.Equal((code, code), (streamed.Code, blocking.Code));
        Assert.DoesNotContain("canary", streamed.Message + blocking.Message);
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("ollama")]
    public async Task A_stream_that_stops_half_way_is_no_answer(string provider)
    {
        var stream = provider == "ollama" ? OllamaStream : AnthropicStream;
        await using var wire = await Wire.StartAsync(http => http.Request.Method == "GET"
            ? (200, provider == "ollama" ? """{"models":[]}""" : """{"data":[],"has_more":false,"first_id":null,"last_id":null}""")
            : (200, stream[..(stream.IndexOf("Hello", StringComparison.Ordinal) is var at ? stream.IndexOf('\n', at) + 1 : 0)] + "\n"));
        await using var database = await TestDatabase.CreateAsync();
        var model = await SetUpAsync(database, wire, provider, "some-model");
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => model.Client.GetStreamingResponseAsync("Hi", cancellationToken: Cancelled).ToChatResponseAsync(Cancelled));
        Assert.Equal("completion_request_error", failure.Code);
    }

    private static async Task<ChatModel> SetUpAsync(TestDatabase database, Wire wire, string provider, string model)
    {
        await database.Get<ProviderService>().SaveAsync(
            wire.Actor, provider, new Dictionary<string, string?> { ["base_url"] = wire.Address, ["api_key"] = Key }, Cancelled);
        return await database.Get<ModelRuntime>().GetChatModelAsync(wire.Actor.WorkspaceId, new ModelReference(provider, model), Cancelled);
    }

    private sealed class Wire(WebApplication app, Func<HttpContext, (int Status, string Body)> answer) : IAsyncDisposable
    {
        public Actor Actor { get; } = new(Guid.CreateVersion7(), Guid.CreateVersion7(), Role.Owner);

        public string Address => app.Urls.First();

        public List<JsonNode?> Bodies { get; } = [];

        public List<Dictionary<string, string>> Headers { get; } = [];

        public static async Task<Wire> StartAsync(Func<HttpContext, (int Status, string Body)> answer)
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var wire = new Wire(app, answer);
            app.Run(wire.AnswerAsync);
            await app.StartAsync();
            return wire;
        }

        public async ValueTask DisposeAsync()
        {
            using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
            await app.StopAsync(atOnce.Token);
            await app.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext http)
        {
            Bodies.Add(http.Request.Method == "POST" ? await JsonNode.ParseAsync(http.Request.Body) : null);
            Headers.Add(http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()));
            var (status, body) = answer(http);
            http.Response.StatusCode = status;
            http.Response.ContentType = body.StartsWith("event:", StringComparison.Ordinal) ? "text/event-stream" : "application/json";
            await http.Response.WriteAsync(body);
        }
    }
}
