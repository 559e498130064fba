using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Nodes;

public sealed class ParameterExtractorNodeTests : IAsyncLifetime
{
    private ModelBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await ModelBench.StartAsync();
        _bench.Variables.Set("llm", "text", "Send 3 red apples to Bonn, quickly.");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_function_call_gives_the_parameters()
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply("")
        {
            ToolCall = ("extract_parameters", """{"count": 3, "color": "red", "urgent": true, "cities": ["Bonn"]}"""),
        };

        var result = await _bench.RunNodeAsync("parameter-extractor", Data("function_call",
            ("count", "number"), ("color", "select"), ("urgent", "bool"), ("cities", "array[string]")));

        var request = _bench.Model.Chats[^1];
        Assert.False(request.ContainsKey("stream") && request["stream"]!.GetValue<bool>());
        var function = request["tools"]![0]!["function"]!;
        Assert.Equal("extract_parameters", function["name"]!.ToString());
        Assert.Equal("""["red","blue"]""", function["parameters"]!["properties"]!["color"]!["enum"]!.ToJsonString());
        Assert.Equal("string", function["parameters"]!["properties"]!["cities"]!["items"]!["type"]!.ToString());
        Assert.Equal(
            ["system", "user", "assistant", "tool", "assistant", "user", "assistant", "tool", "assistant", "user"],
            _bench.Sent.Select(message => message!["role"]!.ToString()));
        Assert.Equal(
            """{"__is_success":1,"__reason":null,"count":3,"color":"red","urgent":true,"cities":["Bonn"]}""", WithoutUsage(result).ToJsonString());
        Assert.Equal(
            ["model_mode", "prompts", "model_provider", "model_name", "function", "usage", "llm_text", "tool_call"],
            result.ProcessData.Select(item => item.Key));
        Assert.Equal(["query", "files", "parameters", "instruction"], result.Inputs.Select(item => item.Key));
        Assert.Equal("source", result.EdgeSourceHandle);
    }

    [Fact]
    public async Task In_prompt_mode_the_first_object_of_the_text_counts()
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply("<think>{\"count\": 9}</think>Here {not json} you are: {\"count\": 2, \"color\": \"blue\"} or {\"count\": 5}");

        var result = await _bench.RunNodeAsync("parameter-extractor", Data("prompt", ("count", "number"), ("color", "string")));

        Assert.Null(_bench.Model.Chats[^1]["tools"]);
        Assert.Contains("<structure>", ModelBench.Text(_bench.Sent[^1]), StringComparison.Ordinal);
        Assert.Contains("Send 3 red apples", ModelBench.Text(_bench.Sent[^1]), StringComparison.Ordinal);
        Assert.Equal("""{"__is_success":1,"__reason":null,"count":2,"color":"blue"}""", WithoutUsage(result).ToJsonString());
        Assert.Null(result.ProcessData["function"]);
    }

    [Fact]
    public async Task A_completion_model_gets_one_text_that_opens_the_answer()
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply("{\"count\": 1}\n```");
        var data = Data("function_call", ("count", "number"));
        data["model"] = ModelBench.ModelConfig("completion");

        var result = await _bench.RunNodeAsync("parameter-extractor", data);

        Assert.EndsWith("```json\n", ModelBench.Text(Assert.Single(_bench.Sent)), StringComparison.Ordinal);
        Assert.Equal(1, result.Outputs["count"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("""{"count": "3", "color": 5, "urgent": 1, "cities": ["a", 2, null], "sums": ["1", "2.5", "x", 4, {}], "things": [{"a": 1}, "b"]}""",
        """{"count":3,"color":"","urgent":true,"cities":["a"],"sums":[1,2.5,4],"things":[{"a":1}]}""")]
    [InlineData("""{"count": "3.5", "color": null, "urgent": "true", "cities": "Bonn", "sums": null, "things": {}}""",
        """{"count":3.5,"color":"","urgent":false,"cities":[],"sums":[],"things":[]}""")]
    [InlineData("""{"count": {}, "color": [], "urgent": [], "cities": {}, "sums": 5, "things": 7}""",
        """{"count":0,"color":"","urgent":false,"cities":[],"sums":[],"things":[]}""")]
    public async Task Bad_values_are_coerced_and_told_but_never_fail(string answer, string expected)
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply(answer);

        var result = await _bench.RunNodeAsync("parameter-extractor", Data("prompt",
            ("count", "number"), ("color", "string"), ("urgent", "boolean"), ("cities", "array[string]"), ("sums", "array[number]"), ("things", "array[object]")));

        Assert.Equal(NodeStatus.Succeeded, result.Status);
        var outputs = WithoutUsage(result);
        Assert.Equal(0, outputs["__is_success"]!.GetValue<int>());
        Assert.NotEmpty(outputs["__reason"]!.ToString());
        outputs.Remove("__is_success");
        outputs.Remove("__reason");
        Assert.Equal(expected, outputs.ToJsonString());
    }

    [Theory]
    [InlineData("no idea", "Failed to extract result from function call or text response, using empty result.")]
    [InlineData("{\"count\": 1, \"other\": 2}", "Invalid number of parameters")]
    [InlineData("{\"color\": \"red\"}", "Parameter count is required")]
    [InlineData("{\"count\": \"many\"}", "Invalid `number` value for parameter count")]
    public async Task The_reason_says_what_is_wrong(string answer, string reason)
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply(answer);

        var result = await _bench.RunNodeAsync("parameter-extractor", Data("prompt", ("count", "number")));

        Assert.Equal(NodeStatus.Succeeded, result.Status);
        Assert.Equal(reason, result.Outputs["__reason"]!.ToString());
    }

    [Fact]
    public async Task A_value_outside_the_options_is_told()
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply("{\"color\": \"green\"}");

        var result = await _bench.RunNodeAsync("parameter-extractor", Data("prompt", ("color", "select")));

        Assert.Equal("Invalid `select` value for parameter color", result.Outputs["__reason"]!.ToString());
        Assert.Equal("green", result.Outputs["color"]!.ToString());
    }

    [Theory]
    [InlineData("{\"count\": 3")]
    [InlineData("not json at all")]
    [InlineData("[1,2,3]")]
    public async Task Broken_arguments_of_a_function_call_give_empty_values(string arguments)
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply("") { ToolCall = ("extract_parameters", arguments) };

        var result = await _bench.RunNodeAsync("parameter-extractor", Data("", ("count", "number")));

        Assert.Equal(NodeStatus.Succeeded, result.Status);
        Assert.Equal(0, result.Outputs["__is_success"]!.GetValue<int>());
        Assert.Equal(0, result.Outputs["count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Huge_and_deep_answers_end_in_bounded_time()
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply(string.Concat(Enumerable.Repeat("{\"a\":", 200_000)));

        var result = await _bench.RunNodeAsync("parameter-extractor", Data("prompt", ("count", "number")));

        Assert.Equal(0, result.Outputs["__is_success"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_model_that_fails_fails_the_node()
    {
        _bench.Model.OnChat = _ => new FakeOpenAiReply("down") { Status = 503 };

        var result = await _bench.RunNodeAsync("parameter-extractor", Data("prompt", ("count", "number")));

        Assert.Equal(NodeStatus.Failed, result.Status);
        Assert.Equal("InvokeServerUnavailableError", result.ErrorType);
    }

    private static JsonObject WithoutUsage(NodeResult result)
    {
        var outputs = (JsonObject)result.Outputs.DeepClone();
        Assert.True(outputs.Remove("__usage"));
        return outputs;
    }

    private static JsonObject Data(string mode, params (string Name, string Type)[] parameters) => new()
    {
        ["query"] = new JsonArray("llm", "text"),
        ["model"] = ModelBench.ModelConfig(),
        ["parameters"] = new JsonArray([.. parameters.Select(one => (JsonNode)new JsonObject
        {
            ["name"] = one.Name,
            ["type"] = one.Type,
            ["description"] = "the " + one.Name,
            ["required"] = true,
            ["options"] = one.Type == "select" ? new JsonArray("red", "blue") : null,
        })]),
        ["instruction"] = "Take it from the text.",
        ["reasoning_mode"] = mode,
    };
}
