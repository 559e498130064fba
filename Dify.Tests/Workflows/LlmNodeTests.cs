using System.Text.Json.Nodes;
using Dify.Core.Models.Credentials;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows;

public sealed class LlmNodeTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private FakeOpenAiServer _model = null!;
    private Actor _owner = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _model = await FakeOpenAiServer.StartAsync();
        var account = await _database.Get<Dify.Core.Workspaces.Setup.SetupService>().SetUpAsync(
            "owner@example.com", "Owner", "passw0rd1", cancellationToken: Cancellation);
        _owner = await _database.Get<WorkspaceAccess>().GetActorAsync(account, cancellationToken: Cancellation);
        await _database.Get<ProviderService>().SaveAsync(
            _owner, "openai-compatible",
            new Dictionary<string, string?> { ["base_url"] = _model.BaseUrl, ["api_key"] = "sk-test" }, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_prompt_is_roles_then_memory_then_question()
    {
        var history = new ConversationHistory(
        [
            new("user", "q1"), new("assistant", "a1"), new("user", "q2"), new("assistant", "a2"), new("user", "q3"), new("assistant", "a3"),
        ]);
        var events = await RunAsync(
            Llm(
                memory: new JsonObject { ["window"] = new JsonObject { ["enabled"] = true, ["size"] = 2 } },
                prompts: [("system", "You are {{#s.role#}}. {{#context#}}"), ("user", "Hi"), ("assistant", "Hello"), ("user", "")]),
            history);

        Assert.Equal(
            ["system: You are a {{#sys.query#}} cook. Salt {{#s.role#}}\nPepper", "user: Hi", "assistant: Hello",
                "user: q2", "assistant: a2", "user: q3", "assistant: a3", "user: What now?"],
            Sent().Select(message => $"{message!["role"]}: {Text(message)}"));
        var result = Assert.Single(events.OfType<NodeRunSucceeded>(), node => node.NodeId == "m").Result;
        Assert.Equal(FakeOpenAiServer.DefaultAnswer, result.Outputs["text"]!.ToString());
        Assert.Equal(18, result.Metadata["total_tokens"]!.GetValue<int>());
        Assert.Equal(["#context#", "#s.role#"], result.Inputs.Select(item => item.Key));
        Assert.Equal(8, result.ProcessData["prompts"]!.AsArray().Count);
        Assert.Equal(FakeOpenAiServer.DefaultAnswer, string.Concat(events.OfType<NodeRunStreamChunk>().Select(piece => piece.Chunk)));
    }

    [Fact]
    public async Task Parameters_may_refer_to_variables_and_get_their_type_back()
    {
        await RunAsync(Llm(
            parameters: new JsonObject { ["temperature"] = "{{#s.warm#}}", ["max_tokens"] = 77 }, prompts: [("user", "Hi")]));

        Assert.Equal(0.25, _model.Chats[^1]["temperature"]!.GetValue<double>());
        Assert.Contains(77, new[] { (int?)_model.Chats[^1]["max_tokens"], (int?)_model.Chats[^1]["max_completion_tokens"] });
    }

    [Fact]
    public async Task A_missing_variable_fails_the_node_by_name()
    {
        var events = await RunAsync(Llm(prompts: [("user", "{{#s.nope#}}")]));

        var failed = Assert.Single(events.OfType<NodeRunFailed>());
        Assert.Equal("Variable #s.nope# not found", failed.Result.Error);
        Assert.Empty(_model.Chats);
    }

    [Fact]
    public async Task An_empty_prompt_fails_with_advice()
    {
        var events = await RunAsync(Llm(prompts: [("user", "")]));

        Assert.StartsWith("No prompt found in the LLM configuration.", Assert.Single(events.OfType<NodeRunFailed>()).Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_model_is_named_in_Difys_way_and_tried_again()
    {
        _model.OnChat = _ => new FakeOpenAiReply("slow down") { Status = 429 };
        var graph = Llm(prompts: [("user", "Hi")], retry: new JsonObject { ["retry_enabled"] = true, ["max_retries"] = 1, ["retry_interval"] = 0 });

        var events = await RunAsync(graph);

        Assert.Single(events.OfType<NodeRunRetry>());
        var failed = Assert.Single(events.OfType<NodeRunFailed>());
        Assert.Equal("InvokeRateLimitError", failed.Result.ErrorType);
        Assert.NotNull(failed.Result.ErrorCode);
        Assert.Equal("Hi", failed.Result.ProcessData["prompts"]![0]!["text"]!.ToString());
    }

    [Fact]
    public async Task Thinking_is_kept_apart_when_asked_for()
    {
        _model.OnChat = _ => new FakeOpenAiReply("<think>hm hm</think>Yes.");

        var events = await RunAsync(Llm(prompts: [("user", "Hi")], reasoning: "separated"));

        var outputs = Assert.Single(events.OfType<NodeRunSucceeded>(), node => node.NodeId == "m").Result.Outputs;
        Assert.Equal(("Yes.", "hm hm"), (outputs["text"]!.ToString(), outputs["reasoning_content"]!.ToString()));
    }

    private static string Text(JsonNode message) => message["content"] is JsonArray parts
        ? string.Concat(parts.Select(part => part!["text"]!.ToString()))
        : message["content"]!.ToString();

    private static GraphDefinition Llm(
        (string Role, string Text)[] prompts, JsonObject? memory = null, JsonObject? parameters = null,
        JsonObject? retry = null, string reasoning = "tagged") => new TestGraph()
        .Node("m", "llm", new JsonObject
        {
            ["model"] = new JsonObject
            {
                ["provider"] = "langgenius/openai_api_compatible/openai_api_compatible",
                ["name"] = "fake-chat",
                ["mode"] = "chat",
                ["completion_params"] = parameters ?? [],
            },
            ["prompt_template"] = new JsonArray([.. prompts.Select(prompt => (JsonNode)new JsonObject { ["role"] = prompt.Role, ["text"] = prompt.Text })]),
            ["context"] = new JsonObject { ["enabled"] = true, ["variable_selector"] = new JsonArray("s", "found") },
            ["memory"] = memory,
            ["retry_config"] = retry,
            ["reasoning_format"] = reasoning,
        })
        .Answer("a", "{{#m.text#}}").Path("s", "m", "a").Build();

    private JsonArray Sent() => _model.Chats[^1]["messages"]!.AsArray();

    private async Task<List<GraphEvent>> RunAsync(GraphDefinition graph, ConversationHistory? history = null)
    {
        var variables = new VariablePool();
        variables.Set("sys", "query", "What now?");
        variables.Set("s", "role", "a {{#sys.query#}} cook");
        variables.Set("s", "warm", 0.25);
        variables.Set("s", "found", new JsonArray(new JsonObject { ["content"] = "Salt {{#s.role#}}" }, "Pepper"));
        var context = new RunContext
        {
            RunId = Guid.CreateVersion7(), WorkspaceId = _owner.WorkspaceId, AppId = Guid.CreateVersion7(), UserId = "u", InvokeFrom = "debugger",
        };
        return await _database.Get<GraphEngine>()
            .RunAsync(new GraphRunRequest(graph, variables, history is null ? context : context.With(history)), Cancellation)
            .ToListAsync(Cancellation);
    }
}
