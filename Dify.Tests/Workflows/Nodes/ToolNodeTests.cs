using System.Text.Json.Nodes;
using Dify.Core.Tools;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Nodes;

public sealed class ToolNodeTests : IAsyncLifetime
{
    private ModelBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await ModelBench.StartAsync();
        _bench.Variables.Set("sys", "query", "1 + 2");
        _bench.Variables.Set("s", "year", 2024);
        _bench.Variables.Set("s", "month", "10");
        _bench.Variables.SetSecret("token", "sk-0123456789");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Variables_templates_and_constants_reach_the_tool_in_its_types()
    {
        var events = await _bench.RunAsync(new TestGraph().Node("n", "tool", Data("time", "weekday", new JsonObject
        {
            ["year"] = Input("variable", new JsonArray("s", "year")),
            ["month"] = Input("mixed", "{{#s.month#}}"),
            ["day"] = Input("constant", 18),
            ["other"] = Input("mixed", "x"),
            ["nothing"] = null,
        })).Answer("a", "{{#n.text#}}").Path("s", "n", "a").Build());

        var result = ModelBench.ResultOf(events, "n");
        Assert.Equal(
            """{"text":"October 18, 2024 is Friday.","files":[],"json":[{"data":[]}]}""", result.Outputs.ToJsonString());
        Assert.Equal("""{"year":2024,"month":"10","day":18,"other":null}""", result.Inputs.ToJsonString());
        Assert.Equal("builtin", result.Metadata["tool_info"]!["provider_type"]!.ToString());
        Assert.Equal(
            ["October 18, 2024 is Friday.", ""], events.OfType<NodeRunStreamChunk>().Where(piece => piece.NodeId == "n").Select(piece => piece.Chunk));
    }

    [Theory]
    [InlineData("time")]
    [InlineData("langgenius/time/time")]
    [InlineData("langgenius/time_tool/time")]
    public async Task Old_and_new_settings_mean_the_same(string provider)
    {
        foreach (var zone in new JsonNode[] { "Asia/Tokyo", Input("constant", "Asia/Tokyo"), Input("mixed", "{{#s.zone#}}"), Input("variable", new JsonArray("s", "zone")) })
        {
            _bench.Variables.Set("s", "zone", "Asia/Tokyo");
            var data = Data(provider, "current_time", []);
            data["tool_configurations"] = new JsonObject { ["format"] = "%Z", ["timezone"] = zone.DeepClone() };

            var result = await _bench.RunNodeAsync("tool", data);

            Assert.Equal("JST", result.Outputs["text"]!.ToString());
        }
    }

    [Fact]
    public async Task A_bare_text_is_a_template_and_secrets_stay_out_of_the_log()
    {
        var result = await _bench.RunNodeAsync("tool", Data("regex", "regex_extract", new JsonObject
        {
            ["content"] = "{{#env.token#}}",
            ["expression"] = Input("mixed", ".{4}$"),
        }));

        Assert.Equal("['6789']", result.Outputs["text"]!.ToString());
        Assert.DoesNotContain("0123456789", result.Inputs.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("builtin", "tavily", "tavily_search", "Failed to get tool runtime: builtin provider tavily not found.")]
    [InlineData("builtin", "time", "sunset", "Failed to get tool runtime: tool sunset not found.")]
    [InlineData("api", "2ebe9c1d-46ef-4735-93f1-e901de242584", "imageSearch", "Failed to get tool runtime: api provider 2ebe9c1d-46ef-4735-93f1-e901de242584 not found.")]
    [InlineData("workflow", "x", "y", "Failed to get tool runtime: workflow provider x not found.")]
    [InlineData("mcp", "x", "y", "Failed to get tool runtime: mcp provider x not found.")]
    [InlineData("dataset-retrieval", "x", "y", "Failed to get tool runtime: dataset-retrieval provider x not found.")]
    public async Task A_tool_that_is_not_there_says_what_is_missing(string type, string provider, string tool, string message)
    {
        var data = Data(provider, tool, []);
        data["provider_type"] = type;

        var result = await _bench.RunNodeAsync("tool", data);

        Assert.Equal(NodeStatus.Failed, result.Status);
        Assert.Equal("ToolProviderNotFoundError", result.ErrorType);
        Assert.Equal("tool_error", result.ErrorCode);
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_and_misfit_parameters_are_errors_of_the_parameters()
    {
        var missing = await _bench.RunNodeAsync("tool", Data("maths", "eval_expression", []));
        var noVariable = await _bench.RunNodeAsync("tool", Data("maths", "eval_expression", new JsonObject { ["expression"] = Input("variable", new JsonArray("x", "y")) }));
        var noKind = await _bench.RunNodeAsync("tool", Data("maths", "eval_expression", new JsonObject { ["expression"] = Input("magic", "x") }));
        var noNumber = await _bench.RunNodeAsync("tool", Data("time", "timestamp_to_localtime", new JsonObject { ["timestamp"] = "soon" }));

        Assert.All([missing, noVariable, noKind, noNumber], result => Assert.Equal("ToolParameterError", result.ErrorType));
        Assert.StartsWith("Parameter expression is required", missing.Error, StringComparison.Ordinal);
        Assert.Equal("""Variable ["x","y"] does not exist""", noVariable.Error);
        Assert.Equal("Unknown tool input type 'magic'", noKind.Error);
    }

    [Fact]
    public async Task A_failing_tool_fails_the_node_in_Difys_words()
    {
        var result = await _bench.RunNodeAsync("tool", Data("webscraper", "webscraper", new JsonObject { ["url"] = "http://169.254.169.254/latest" }));

        Assert.Equal("ToolInvokeError", result.ErrorType);
        Assert.StartsWith("Failed to invoke tool: Blocked by egress rule 'metadata'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tools_of_real_apps_are_found_or_named_as_missing()
    {
        var files = Directory.EnumerateFiles(SharedFolder.PathOf("dsl"), "*.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        var catalog = _bench.Database.Get<ToolCatalog>();
        List<string> found = [], missing = [];
        foreach (var file in files)
        {
            foreach (var data in GraphFile.Graph(GraphFile.Read(file))["nodes"]?.AsArray().Select(node => node!["data"]!) ?? [])
            {
                if (data["type"]?.ToString() == "tool")
                {
                    var reference = ToolReference.Parse(data["provider_type"]?.ToString(), data["provider_id"]?.ToString(), data["tool_name"]?.ToString());
                    var isThere = await catalog.DescribeAsync(_bench.Owner.WorkspaceId, reference, TestContext.Current.CancellationToken) is not null;
                    (isThere ? found : missing).Add($"{reference.ProviderId}/{reference.ToolName}");
                }
            }
        }

        Assert.Contains("time/current_time", found);
        Assert.Contains("webscraper/webscraper", found);
        Assert.DoesNotContain(missing, tool => tool.StartsWith("time/", StringComparison.Ordinal));
    }

    private static JsonObject Input(string kind, JsonNode? value) => new() { ["type"] = kind, ["value"] = value };

    private static JsonObject Data(string provider, string tool, JsonObject parameters) => new()
    {
        ["provider_id"] = provider,
        ["provider_name"] = provider,
        ["provider_type"] = "builtin",
        ["tool_name"] = tool,
        ["tool_label"] = tool,
        ["tool_configurations"] = new JsonObject(),
        ["tool_parameters"] = parameters,
    };
}
