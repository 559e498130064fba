using System.Text.Json.Nodes;
using Dify.Core.Workflows.Json;
using Xunit;

namespace Dify.Tests.Workflows;

public sealed class JsonRepairTests
{
    [Theory]
    [InlineData("""{"a": 1.0, "b": [true, null]}""", """{"a":1.0,"b":[true,null]}""")]
    [InlineData("5", "5")]
    [InlineData("\"x\"", "\"x\"")]
    [InlineData("""{'a': 'b'}""", """{"a":"b"}""")]
    [InlineData("""{a: 1, b: two}""", """{"a":1,"b":"two"}""")]
    [InlineData("""{"a": 1,}""", """{"a":1}""")]
    [InlineData("""[1, 2,""", "[1,2]")]
    [InlineData("""{"a": [1, 2}""", """{"a":[1,2]}""")]
    [InlineData("""{"a": "b""", """{"a":"b"}""")]
    [InlineData("""{"a": True, "b": None}""", """{"a":true,"b":null}""")]
    [InlineData("{\"a\": \"line\nbreak\"}", """{"a":"line\nbreak"}""")]
    [InlineData("""{"a": "He said "hi" to me", "b": 2}""", """{"a":"He said \"hi\" to me","b":2}""")]
    [InlineData("""{"a": "one "two", three", "b": 2}""", """{"a":"one \"two\", three","b":2}""")]
    [InlineData("""{"a": }""", """{"a":""}""")]
    [InlineData("""{"a": , "b": 1}""", """{"a":"","b":1}""")]
    [InlineData("{\"a\": 1 \"b\": 2}", """{"a":"1 \"b\": 2"}""")]
    [InlineData("{\"a\": \"x\"\n\"b\": 2}", """{"a":"x","b":2}""")]
    [InlineData("""["a" "b"]""", """["a","b"]""")]
    [InlineData("""{"a": 1 /* no */, // yes""" + "\n" + """ "b": 2}""", """{"a":1,"b":2}""")]
    [InlineData("Here you are:\n```json\n{\"a\": 1}\n```\nBye", """{"a":1}""")]
    [InlineData("""{"a": "\d+"}""", """{"a":"\\d+"}""")]
    [InlineData("""{"a": 1, "a": 2}""", """{"a":2}""")]
    [InlineData("""{“a”: “b”}""", """{"a":"b"}""")]
    [InlineData("true", "true")]
    public void What_was_meant_is_read(string text, string expected)
    {
        Assert.True(JsonRepair.TryParse(text, out var value));
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), value?.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello there")]
    public void What_holds_no_value_is_refused(string text) => Assert.False(JsonRepair.TryParse(text, out _));

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{\"a\":", 50_000)]
    [InlineData("[\"", 50_000)]
    [InlineData("{\"a\" \"", 30_000)]
    [InlineData("[/*", 30_000)]
    public void Hostile_texts_end_in_time(string part, int times)
    {
        var text = string.Concat(Enumerable.Repeat(part, times));
        var started = System.Diagnostics.Stopwatch.StartNew();
        _ = JsonRepair.TryParse(text, out _);
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(5), started.Elapsed.ToString());
    }
}
