using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Dify.Core.Workflows.Variables;
using Microsoft.Extensions.Options;
using Xunit;

namespace Dify.Tests.Workflows;

public sealed class AssignerNodeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operations_do_what_was_recorded()
    {
        var wrong = new List<string>();
        foreach (var line in GoldenFolder.Rows("assigner_v2.jsonl"))
        {
            var row = JsonNode.Parse(line)!.AsObject();
            var variables = new VariablePool();
            var initial = row["initial"]?.DeepClone();
            variables.Declare("conversation", "v", VariableTypes.Declared(row["type"]!.ToString(), initial), initial);
            variables.Set("s", "input", row["input"]?.DeepClone());
            var isVariable = row["input_type"]!.ToString() == "variable";
            var item = Item("v", row["op"]!.ToString(), isVariable, isVariable ? new JsonArray("s", "input") : row["input"]?.DeepClone());
            var events = await RunAsync(variables, Assigner("2", item));

            var actual = events[^1] is GraphRunFailed failed
                ? failed.Error
                : $"{variables.TypeOf(["conversation", "v"]).ToWire()} {Value(variables, "v")?.ToJsonString() ?? "null"}";
            var expected = row["error"]?.ToString() ?? $"{row["after_type"]} {row["after"]?.ToJsonString() ?? "null"}";
            if (actual != expected)
            {
                wrong.Add($"{line} -> {actual}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
    }

    [Fact]
    public async Task Later_operations_see_earlier_ones_and_those_before_a_failure_stay()
    {
        var variables = new VariablePool();
        variables.Declare("conversation", "n", VariableType.Integer, 1);
        variables.Declare("conversation", "m", VariableType.Integer, 0);
        var data = Assigner("2",
            Item("n", "+=", false, 2), Item("m", "over-write", true, new JsonArray("conversation", "n")), Item("n", "/=", false, 0), Item("m", "+=", false, 5));

        var events = await RunAsync(variables, data);

        Assert.Equal("Invalid input value 0", Assert.IsType<GraphRunFailed>(events[^1]).Error);
        Assert.Equal(3, Value(variables, "n")!.GetValue<long>());
        Assert.Equal(3, Value(variables, "m")!.GetValue<long>());
    }

    [Fact]
    public async Task The_log_names_what_was_written_once()
    {
        var variables = new VariablePool();
        variables.Declare("conversation", "list", VariableType.StringArray, new JsonArray());
        variables.Set("s", "text", "x");
        var append = Item("list", "append", true, new JsonArray("s", "text"));

        var events = await RunAsync(variables, Assigner("2", append, (JsonObject)append.DeepClone()));

        var result = events.OfType<NodeRunSucceeded>().Single(node => node.NodeId == "a").Result;
        Assert.Equal(
            """{"list":["x","x"],"__updated_variables":[{"name":"list","selector":["conversation","list"],"value_type":"array[string]","new_value":["x","x"]}]}""",
            result.ProcessData.ToJsonString());
        Assert.Empty(result.Outputs);
    }

    [Fact]
    public async Task A_variable_does_not_grow_over_its_limit()
    {
        var variables = new VariablePool();
        variables.Declare("conversation", "t", VariableType.String, "");
        variables.Set("s", "text", new string('x', 204_799));

        var events = await RunAsync(variables, Assigner("2", Item("t", "over-write", true, new JsonArray("s", "text"))));

        Assert.Equal("variable size 204801 exceeds limit 204800", Assert.IsType<GraphRunFailed>(events[^1]).Error);
    }

    [Theory]
    [InlineData("over-write", "[\"new\"]")]
    [InlineData("append", "[\"old\",[\"new\"]]")]
    [InlineData("clear", "[]")]
    public async Task Version_1_has_three_modes(string mode, string expected)
    {
        var variables = new VariablePool();
        variables.Declare("conversation", "list", VariableType.StringArray, new JsonArray("old"));
        variables.Set("s", "x", new JsonArray("new"));
        var data = new JsonObject
        {
            ["assigned_variable_selector"] = new JsonArray("conversation", "list"), ["write_mode"] = mode, ["input_variable_selector"] = new JsonArray("s", "x"),
        };

        await RunAsync(variables, data);

        Assert.Equal(expected, Value(variables, "list")!.ToJsonString());
    }

    [Theory]
    [InlineData("w", "x", "assigned variable not found")]
    [InlineData("list", "y", "input value not found")]
    public async Task Version_1_needs_both_ends(string target, string source, string error)
    {
        var variables = new VariablePool();
        variables.Declare("conversation", "list", VariableType.StringArray, new JsonArray("old"));
        variables.Set("s", "x", new JsonArray("new"));
        var data = new JsonObject
        {
            ["assigned_variable_selector"] = new JsonArray("conversation", target), ["write_mode"] = "over-write", ["input_variable_selector"] = new JsonArray("s", source),
        };

        Assert.Equal(error, Assert.IsType<GraphRunFailed>((await RunAsync(variables, data))[^1]).Error);
    }

    private static JsonNode? Value(VariablePool variables, string name) =>
        variables.TryGet(["conversation", name], out var value) ? value : throw new InvalidOperationException(name);

    private static JsonObject Item(string target, string operation, bool isVariable, JsonNode? value) => new()
    {
        ["variable_selector"] = new JsonArray("conversation", target),
        ["operation"] = operation,
        ["input_type"] = isVariable ? "variable" : "constant",
        ["value"] = value,
    };

    private static JsonObject Assigner(string version, params JsonObject[] items) =>
        new() { ["version"] = version, ["items"] = new JsonArray([.. items]) };

    private static async Task<List<GraphEvent>> RunAsync(VariablePool variables, JsonObject data)
    {
        var graph = new TestGraph().Node("a", "assigner", data).Path("s", "a").Build();
        var engine = new GraphEngine(new ScriptedNodes(), TimeProvider.System, Options.Create(new EngineOptions()));
        return await engine.RunAsync(new GraphRunRequest(graph, variables, TestRuns.Context()), Cancellation).ToListAsync(Cancellation);
    }
}
