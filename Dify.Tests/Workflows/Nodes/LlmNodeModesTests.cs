using System.Text.Json.Nodes;
using Dify.Core.Models.Credentials;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Files;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Nodes;

public sealed class LlmNodeModesTests : IAsyncLifetime
{
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private ModelBench _bench = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await ModelBench.StartAsync();
        _bench.Variables.Set("sys", "query", "What now?");
        _bench.Variables.Set("s", "found", new JsonArray("Salt", "Pepper"));
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("Before. {{#histories#}} After {{#sys.query#}} {{#context#}}", "Before. Man: q1\nBot: a1 After What now? Salt\nPepper")]
    [InlineData("Just {{#sys.query#}}", "Man: q1\nBot: a1\nJust What now?")]
    public async Task A_completion_prompt_is_one_text_with_its_histories(string prompt, string expected)
    {
        _bench.History = new ConversationHistory([new("user", "q1"), new("assistant", "a1")]);
        var data = Data();
        data["prompt_template"] = new JsonObject { ["text"] = prompt };
        data["model"] = ModelBench.ModelConfig("completion");
        data["memory"] = new JsonObject
        {
            ["role_prefix"] = new JsonObject { ["user"] = "Man", ["assistant"] = "Bot" },
            ["window"] = new JsonObject { ["enabled"] = true, ["size"] = 5 },
        };

        var result = await _bench.RunNodeAsync("llm", data);

        Assert.Equal(expected, ModelBench.Text(Assert.Single(_bench.Sent)));
        Assert.Equal("completion", result.ProcessData["model_mode"]!.ToString());
    }

    [Fact]
    public async Task Memory_needs_a_conversation_and_fits_the_model()
    {
        var data = Data();
        data["memory"] = new JsonObject { ["query_prompt_template"] = "Q: {{#sys.query#}}", ["window"] = new JsonObject { ["enabled"] = false } };

        await _bench.RunNodeAsync("llm", (JsonObject)data.DeepClone());
        Assert.Equal(["Hi"], _bench.Sent.Select(ModelBench.Text));

        _bench.History = new ConversationHistory(
            [new("user", "old"), new("assistant", string.Concat(Enumerable.Repeat("word ", 40_000))), new("user", "new"), new("assistant", "a")]);
        await _bench.RunNodeAsync("llm", data);
        Assert.Equal(["Hi", "new", "a", "Q: What now?"], _bench.Sent.Select(ModelBench.Text));
    }

    [Fact]
    public async Task Thoughts_are_streamed_apart_however_they_are_cut()
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply("")
        {
            Pieces = ["<th", "ink", ">hm", " hm</thi", "nk>\n\nYes", ", 1 <", " 2.", "<think>again</think>", " End"],
        };
        var data = Data();
        data["reasoning_format"] = "separated";

        var events = await _bench.RunAsync(Graph(data));

        var outputs = ModelBench.ResultOf(events, "m").Outputs;
        Assert.Equal("Yes, 1 < 2. End", outputs["text"]!.ToString());
        Assert.Equal("hm hm\nagain", outputs["reasoning_content"]!.ToString());
        Assert.Equal("Yes, 1 < 2. End", string.Concat(events.OfType<NodeRunStreamChunk>().Select(piece => piece.Chunk)));
        var thoughts = events.OfType<NodeRunReasoningChunk>().ToList();
        Assert.Equal("hm hmagain", string.Concat(thoughts.Select(piece => piece.Chunk)));
        Assert.Single(thoughts, piece => piece.IsFinal);
    }

    [Fact]
    public async Task Thoughts_stay_in_the_text_when_nobody_asked_to_part_them()
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply("<think>hm</think>Yes.");

        var outputs = (await _bench.RunNodeAsync("llm", Data())).Outputs;

        Assert.Equal(("<think>hm</think>Yes.", ""), (outputs["text"]!.ToString(), outputs["reasoning_content"]!.ToString()));
    }

    [Fact]
    public async Task A_jinja_message_is_rendered_with_its_variables_and_the_context_beside()
    {
        _bench.Variables.Set("s", "people", new JsonArray("Bo {{ evil }}", "Li"));
        var data = Data();
        data["prompt_template"] = new JsonArray(
            new JsonObject
            {
                ["role"] = "system",
                ["edition_type"] = "jinja2",
                ["text"] = "not this",
                ["jinja2_text"] = "{% for p in people %}{{ loop.index }}. {{ p }}\n{% endfor %}{{#context#}}",
            },
            new JsonObject { ["role"] = "user", ["edition_type"] = "basic", ["text"] = "Hi", ["jinja2_text"] = "nor this" });
        data["prompt_config"] = new JsonObject
        {
            ["jinja2_variables"] = new JsonArray(new JsonObject { ["variable"] = "people", ["value_selector"] = new JsonArray("s", "people") }),
        };

        var result = await _bench.RunNodeAsync("llm", data);

        Assert.Equal(["1. Bo {{ evil }}\n2. Li\nSalt\nPepper", "Hi"], _bench.Sent.Select(ModelBench.Text));
        Assert.Equal(2, result.Inputs["people"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_jinja_message_that_is_wrong_or_lacks_a_variable_fails_the_node()
    {
        var data = Data();
        data["prompt_template"] = new JsonObject { ["text"] = "", ["edition_type"] = "jinja2", ["jinja2_text"] = "{% if %}" };
        var wrong = await _bench.RunNodeAsync("llm", (JsonObject)data.DeepClone());
        data["prompt_config"] = new JsonObject
        {
            ["jinja2_variables"] = new JsonArray(new JsonObject { ["variable"] = "who", ["value_selector"] = new JsonArray("s", "nobody") }),
        };
        var missing = await _bench.RunNodeAsync("llm", data);

        Assert.Equal("InvalidVariableTypeError", wrong.ErrorType);
        Assert.Equal("Variable who not found", missing.Error);
        Assert.Empty(_bench.Model.Chats);
    }

    [Fact]
    public async Task Usage_tells_tokens_and_times()
    {
        var result = await _bench.RunNodeAsync("llm", Data());

        var usage = result.Outputs["usage"]!.AsObject();
        Assert.Equal((11, 7, 18), (usage["prompt_tokens"]!.GetValue<int>(), usage["completion_tokens"]!.GetValue<int>(), usage["total_tokens"]!.GetValue<int>()));
        Assert.All(["latency", "time_to_first_token", "time_to_generate"], name => Assert.True(usage[name]!.GetValue<double>() >= 0));
        Assert.Equal(
            ["model_mode", "prompts", "model_provider", "model_name", "usage", "finish_reason"], result.ProcessData.Select(item => item.Key));
    }

    [Theory]
    [InlineData("{\"name\": \"Bo\", \"age\": 3}")]
    [InlineData("Here it is:\n```json\n{\"name\": \"Bo\", \"age\": 3}\n```\nAnything else?")]
    [InlineData("<think>{}</think>[{\"name\": \"Bo\", \"age\": 3}]")]
    [InlineData("{'name': 'Bo', age: 3,}")]
    [InlineData("{\"name\": \"Bo\", \"age\": 3")]
    [InlineData("{\"name\": \"Bo\" /* who */ \"age\": 3}")]
    public async Task Structured_output_is_read_and_put_right(string answer)
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply(answer);

        var result = await _bench.RunNodeAsync("llm", Structured());

        Assert.Equal("""{"name":"Bo","age":3}""", result.Outputs["structured_output"]!.ToJsonString());
        Assert.Equal(answer, result.Outputs["text"]!.ToString());
        Assert.Equal("json_object", _bench.Model.Chats[^1]["response_format"]!["type"]!.ToString());
        Assert.Contains("<schema>", ModelBench.Text(_bench.Sent[0]), StringComparison.Ordinal);
        Assert.Equal("Hi", ModelBench.Text(_bench.Sent[^1]));
    }

    [Fact]
    public async Task A_model_with_schemas_of_its_own_gets_the_schema_on_the_wire()
    {
        await _bench.Database.Get<ProviderService>().SaveAsync(
            _bench.Owner, "openai", new Dictionary<string, string?> { ["base_url"] = _bench.Model.BaseUrl, ["api_key"] = "sk-test" }, Cancellation);
        _bench.Model.OnChat = _ => new FakeOpenAiReply("{\"name\": \"Bo\"}");
        var data = Structured();
        data["model"] = new JsonObject { ["provider"] = "langgenius/openai/openai", ["name"] = "gpt-4o", ["mode"] = "chat" };

        var result = await _bench.RunNodeAsync("llm", data);

        var format = _bench.Model.Chats[^1]["response_format"]!;
        Assert.Equal("json_schema", format["type"]!.ToString());
        Assert.Equal("number", format["json_schema"]!["schema"]!["properties"]!["age"]!["type"]!.ToString());
        Assert.Equal(["Hi"], _bench.Sent.Select(ModelBench.Text));
        Assert.Equal("""{"name":"Bo"}""", result.Outputs["structured_output"]!.ToJsonString());
    }

    [Fact]
    public async Task Structured_output_fails_without_an_object_or_a_schema()
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply("I cannot.");
        var noObject = await _bench.RunNodeAsync("llm", Structured());
        var data = Structured();
        data["structured_output"] = new JsonObject { ["schema"] = new JsonObject() };
        var noSchema = await _bench.RunNodeAsync("llm", data);

        Assert.Equal("Failed to parse structured output: I cannot.", noObject.Error);
        Assert.NotNull(noObject.ProcessData["usage"]);
        Assert.Equal("Please provide a valid structured output schema", noSchema.Error);
    }

    [Fact]
    public async Task Pictures_go_before_the_question_with_their_detail()
    {
        _bench.Variables.Set("sys", "files", new JsonArray(await PictureAsync(), new JsonObject { ["dify_model_identity"] = "__dify__file__", ["type"] = "document" }));
        var data = Data();
        data["vision"] = new JsonObject { ["enabled"] = true, ["configs"] = new JsonObject { ["detail"] = "low" } };

        var result = await _bench.RunNodeAsync("llm", data);

        var parts = Assert.Single(_bench.Sent)!["content"]!.AsArray();
        Assert.Equal(["image_url", "text"], parts.Select(part => part!["type"]!.ToString()));
        Assert.Equal("data:image/png;base64," + Convert.ToBase64String(Png), parts[0]!["image_url"]!["url"]!.ToString());
        Assert.Equal("low", parts[0]!["image_url"]!["detail"]!.ToString());
        Assert.Equal(2, result.Inputs["#files#"]!.AsArray().Count);
        var logged = Assert.Single(result.ProcessData["prompts"]![0]!["files"]!.AsArray())!;
        Assert.Equal(("image/png", "low"), (logged["type"]!.ToString(), logged["detail"]!.ToString()));
    }

    [Fact]
    public async Task A_picture_that_a_prompt_names_follows_its_text()
    {
        _bench.Variables.Set("s", "photo", await PictureAsync());
        var data = Data("Look: {{#s.photo#}}");

        await _bench.RunNodeAsync("llm", data);

        Assert.Equal(2, _bench.Sent.Count);
        Assert.Equal("image_url", _bench.Sent[1]!["content"]![0]!["type"]!.ToString());
    }

    [Fact]
    public async Task A_picture_of_another_person_fails_the_node()
    {
        var picture = await PictureAsync();
        picture["related_id"] = Guid.CreateVersion7().ToString();
        _bench.Variables.Set("sys", "files", new JsonArray(picture));
        var data = Data();
        data["vision"] = new JsonObject { ["enabled"] = true };

        var result = await _bench.RunNodeAsync("llm", data);

        Assert.Equal("FileFetchError", result.ErrorType);
        Assert.Empty(_bench.Model.Chats);
    }

    [Fact]
    public async Task A_stopped_run_ends_its_call_at_once()
    {
        var never = new TaskCompletionSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _bench.Model.OnChat = _ => new FakeOpenAiReply("one two three") { HoldAfterFirstPiece = never.Task };
        var events = new List<GraphEvent>();

        await foreach (var item in _bench.Database.Get<GraphEngine>().RunAsync(
            new GraphRunRequest(Graph(Data()), _bench.Variables, _bench.Context()), stop.Token).WithCancellation(Cancellation))
        {
            events.Add(item);
            if (item is NodeRunStreamChunk)
            {
                await stop.CancelAsync();
            }
        }

        Assert.IsType<GraphRunAborted>(events[^1]);
    }

    [Theory]
    [InlineData("plain", "InvalidContextStructureError")]
    public async Task A_context_without_content_is_told(string _, string type)
    {
        _bench.Variables.Set("s", "found", new JsonArray(new JsonObject { ["title"] = "x" }));

        Assert.Equal(type, (await _bench.RunNodeAsync("llm", Data("{{#context#}}"))).ErrorType);
    }

    [Fact]
    public async Task A_provider_that_this_installation_does_not_have_is_named_with_what_to_set_up()
    {
        var data = Data();
        data["model"] = new JsonObject { ["provider"] = "langgenius/gemini/google", ["name"] = "gemini-2.0-flash", ["mode"] = "chat" };

        var result = await _bench.RunNodeAsync("llm", data);

        Assert.Equal("LLMModeRequiredError", result.ErrorType);
        Assert.Contains("'gemini'", result.Error, StringComparison.Ordinal);
        Assert.Contains("OpenAI-compatible", result.Error, StringComparison.Ordinal);
    }

    private static GraphDefinition Graph(JsonObject data) =>
        new TestGraph().Node("m", "llm", data).Answer("a", "{{#m.text#}}").Path("s", "m", "a").Build();

    private static JsonObject Data(string prompt = "Hi") => new()
    {
        ["model"] = ModelBench.ModelConfig(),
        ["prompt_template"] = new JsonArray(new JsonObject { ["role"] = "user", ["text"] = prompt }),
        ["context"] = new JsonObject { ["enabled"] = true, ["variable_selector"] = new JsonArray("s", "found") },
    };

    private static JsonObject Structured()
    {
        var data = Data();
        data["structured_output_enabled"] = true;
        data["structured_output"] = new JsonObject
        {
            ["schema"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["name"] = new JsonObject { ["type"] = "string" }, ["age"] = new JsonObject { ["type"] = "number" } },
            },
        };
        return data;
    }

    private ValueTask<JsonObject> PictureAsync() =>
        _bench.Database.Get<ProducedFiles>().SaveAsync(_bench.Context(), "photo.png", "image/png", Png, Cancellation);
}
