using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Nodes.ListOperator;
using Dify.Core.Workflows.Variables;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Nodes;

public sealed class ListOperatorNodeTests
{
    private const string Files = """
        [{"dify_model_identity":"__dify__file__","filename":"b.pdf","extension":".pdf","type":"document","mime_type":"application/pdf","size":20,"transfer_method":"local_file","remote_url":null,"related_id":"1"},
         {"dify_model_identity":"__dify__file__","filename":"a.png","extension":".png","type":"image","mime_type":"image/png","size":5,"transfer_method":"remote_url","remote_url":"http://x/a.png","related_id":null}]
        """;

    [Fact]
    public async Task Lists_are_worked_on_as_recorded()
    {
        var wrong = new List<string>();
        foreach (var line in GoldenFolder.Rows("list_operator.jsonl"))
        {
            var row = JsonNode.Parse(line)!.AsObject();
            var result = await RunAsync(row["input"], row["config"]!.AsObject());
            var raised = row["status"]!.ToString() == "raised";
            var error = raised ? $"{result.ErrorType}: {result.Error}" : result.Error ?? "";
            var status = result.Status == NodeStatus.Succeeded ? "succeeded" : raised ? "raised" : "failed";
            if (status != row["status"]!.ToString() || error != row["error"]!.ToString()
                || (!raised && !JsonNode.DeepEquals(result.Outputs, row["outputs"])))
            {
                wrong.Add($"{line}\n  got {status} {result.Outputs.ToJsonString()} {error}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("""{"key":"name","comparison_operator":"contains","value":"{{#s.letter#}}"}""", "b.pdf")]
    [InlineData("""{"key":"extension","comparison_operator":"is not","value":".pdf"}""", "a.png")]
    [InlineData("""{"key":"type","comparison_operator":"in","value":["document","audio"]}""", "b.pdf")]
    [InlineData("""{"key":"transfer_method","comparison_operator":"not in","value":["local_file"]}""", "a.png")]
    [InlineData("""{"key":"size","comparison_operator":"≥","value":"6"}""", "b.pdf")]
    [InlineData("""{"key":"url","comparison_operator":"empty","value":""}""", "b.pdf")]
    [InlineData("""{"key":"related_id","comparison_operator":"is","value":"1"}""", "b.pdf")]
    [InlineData("""{"key":"type","comparison_operator":"is","value":"document"}""", "Invalid condition: is")]
    [InlineData("""{"key":"color","comparison_operator":"is","value":"x"}""", "Invalid key: color")]
    [InlineData("""{"key":"size","comparison_operator":"=","value":"big"}""", "could not convert string to float: 'big'")]
    public async Task Files_are_filtered_by_their_attributes(string condition, string expected)
    {
        var result = await RunAsync(JsonNode.Parse(Files), Config("filter_by", "conditions", $"[{condition}]"));
        Assert.Equal(expected, result.Error ?? string.Join(',', result.Outputs["result"]!.AsArray().Select(file => file!["filename"])));
    }

    [Theory]
    [InlineData("name", "asc", "a.png,b.pdf")]
    [InlineData("size", "desc", "b.pdf,a.png")]
    [InlineData("url", "asc", "b.pdf,a.png")]
    [InlineData("color", "asc", "Invalid order key: color")]
    public async Task Files_are_ordered_by_their_attributes(string key, string direction, string expected)
    {
        var result = await RunAsync(JsonNode.Parse(Files), (JsonObject)JsonNode.Parse($$$"""{"order_by":{"enabled":true,"key":"{{{key}}}","value":"{{{direction}}}"}}""")!);
        Assert.Equal(expected, result.Error ?? string.Join(',', result.Outputs["result"]!.AsArray().Select(file => file!["filename"])));
    }

    [Theory]
    [InlineData("""[true,false,true]""", """{"order_by":{"enabled":true,"key":"","value":"asc"}}""", "[false,true,true]")]
    [InlineData("""[true,false]""", """{"filter_by":{"enabled":true,"conditions":[{"comparison_operator":"is","value":true}]}}""", "[true]")]
    [InlineData("""[true]""", """{"filter_by":{"enabled":true,"conditions":[{"comparison_operator":"is","value":"true"}]}}""", "Boolean filter expects a boolean value, got <class 'str'>")]
    [InlineData("""["z","\ud83d\ude00","\uffee"]""", """{"order_by":{"enabled":true,"key":"","value":"desc"}}""", "[\"😀\",\"￮\",\"z\"]")]
    [InlineData("""[1,2,3]""", """{"limit":{"enabled":true,"size":-5}}""", "[]")]
    [InlineData("""[1,2,3]""", """{"extract_by":{"enabled":true,"serial":"{{#s.place#}}"}}""", "[2]")]
    [InlineData("""[1,2,3]""", """{"extract_by":{"enabled":true,"serial":"4"}}""", "Invalid serial index: must be <= 3, got 4")]
    [InlineData("""[1,2]""", """{"filter_by":{"enabled":true,"conditions":[{"comparison_operator":"=","value":1}]}}""", "Invalid filter value: 1")]
    [InlineData("""{"a":1}""", "{}", "Variable ['s', 'l'] is not an array type, actual type: <class 'dify_graph.variables.variables.ObjectVariable'>")]
    public async Task Further_rules_hold(string input, string config, string expected)
    {
        var result = await RunAsync(JsonNode.Parse(input), JsonNode.Parse(config)!.AsObject());
        Assert.Equal(result.Error is null ? JsonNode.Parse(expected)!.ToJsonString() : expected, result.Error ?? result.Outputs["result"]!.ToJsonString());
    }

    [Fact]
    public async Task A_variable_that_is_not_there_is_named()
    {
        var result = await NodeCall.RunAsync(
            new ListOperatorNode(), "list-operator", new JsonObject { ["variable"] = new JsonArray("s", "none") }, new VariablePool());
        Assert.Equal("Variable not found for selector: ['s', 'none']", result.Error);
    }

    private static JsonObject Config(string part, string key, string json) =>
        new() { [part] = new JsonObject { ["enabled"] = true, [key] = JsonNode.Parse(json) } };

    private static Task<NodeResult> RunAsync(JsonNode? input, JsonObject config)
    {
        var variables = new VariablePool();
        variables.Set("s", "l", input?.DeepClone());
        variables.Set("s", "letter", "b");
        variables.Set("s", "place", 2);
        var data = (JsonObject)config.DeepClone();
        data["variable"] = new JsonArray("s", "l");
        return NodeCall.RunAsync(new ListOperatorNode(), "list-operator", data, variables);
    }
}
