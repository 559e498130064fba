using System.Text.Json.Nodes;
using Dify.Core.Tools;
using Dify.Core.Tools.BuiltIn.Json;
using Dify.Core.Tools.BuiltIn.Maths;
using Dify.Core.Tools.BuiltIn.Time;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dify.Tests.Tools;

public sealed class BuiltInToolTests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2024, 7, 3, 20, 5, 9, TimeSpan.Zero));

    [Theory]
    [InlineData("%Y-%m-%d %H:%M:%S", "Asia/Shanghai", "2024-07-04 04:05:09")]
    [InlineData("", "UTC", "2024-07-03 20:05:09 UTC")]
    [InlineData("", "Asia/Shanghai", "2024-07-04 04:05:09 CST")]
    [InlineData("%Z %z", "America/New_York", "EDT -0400")]
    [InlineData("%a %A %b %B %p %I %j %U %W %-d %y %% %Q", "UTC", "Wed Wednesday Jul July PM 08 185 26 27 3 24 % %Q")]
    [InlineData("%H", "../../etc/passwd", "Invalid timezone: ../../etc/passwd")]
    [InlineData("%H", "Moon/Crater", "Invalid timezone: Moon/Crater")]
    public async Task The_current_time_is_told_as_strftime_does(string format, string zone, string expected) =>
        Assert.Equal(expected, await CallAsync(TimeTool("current_time"), new JsonObject { ["format"] = format, ["timezone"] = zone }));

    [Theory]
    [InlineData("localtime_to_timestamp", """{"localtime":"2024-1-1 0:0:0","timezone":"Asia/Shanghai"}""", "1704038400")]
    [InlineData("timestamp_to_localtime", """{"timestamp":1704038400,"timezone":"Asia/Shanghai"}""", "2024-01-01 00:00:00")]
    [InlineData("timezone_conversion", """{"current_time":"2024-01-01 08:00:00","current_timezone":"Asia/Shanghai","target_timezone":"Asia/Tokyo"}""", "2024-01-01 09:00:00")]
    [InlineData("weekday", """{"year":2024,"month":10,"day":18}""", "October 18, 2024 is Friday.")]
    [InlineData("weekday", """{"year":2023,"month":2,"day":29}""", "Invalid date: Year 2023, Month 2, Day 29.")]
    public async Task Times_are_converted(string tool, string parameters, string expected) =>
        Assert.Equal(expected, await CallAsync(TimeTool(tool), JsonNode.Parse(parameters)!.AsObject()));

    [Fact]
    public async Task A_time_that_cannot_be_read_is_an_error_of_the_tool()
    {
        var failure = await Assert.ThrowsAsync<ToolException>(() => CallAsync(
            TimeTool("localtime_to_timestamp"), new JsonObject { ["localtime"] = "yesterday", ["timezone"] = "UTC" }));

        Assert.Equal("ToolInvokeError", failure.ErrorType);
        Assert.Equal("time data 'yesterday' does not match format '%Y-%m-%d %H:%M:%S'", failure.Message);
    }

    [Theory]
    [InlineData("1+2*3", "7")]
    [InlineData("1/2", "0.5")]
    [InlineData("6/2", "3.0")]
    [InlineData("-2**2", "-4")]
    [InlineData("2**-1", "0.5")]
    [InlineData("2**3**2", "512")]
    [InlineData("7 // 2 + 7 % 3", "4")]
    [InlineData("-7 // 2", "-4")]
    [InlineData("5 ^ 1", "4")]
    [InlineData("(1 + 2) * sqrt(16)", "12.0")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("1e20 * 10", "1e+21")]
    [InlineData("3 > 2", "True")]
    [InlineData("where(1 > 2, 5, 6)", "6")]
    [InlineData("1e-7", "1e-07")]
    [InlineData("1.5e-5", "1.5e-05")]
    [InlineData("1e15", "1000000000000000.0")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("-0.5", "-0.5")]
    public void Expressions_are_calculated_as_Python_does(string expression, string expected) =>
        Assert.Equal(expected, Expression.Evaluate(expression));

    [Theory]
    [InlineData("1 +")]
    [InlineData("__import__('os')")]
    [InlineData("2 ** 64")]
    [InlineData("1 / 0")]
    [InlineData("abs")]
    [InlineData("sqrt()")]
    [InlineData("1 2")]
    public async Task What_is_no_expression_is_said_so(string expression) => Assert.StartsWith(
        $"Invalid expression: {expression}, error: ",
        await CallAsync(EvalExpressionTool.Create(), new JsonObject { ["expression"] = expression }), StringComparison.Ordinal);

    [Fact]
    public async Task Deep_expressions_end()
    {
        foreach (var hostile in new[] { new string('(', 9_000), new string('-', 9_000) + "1", string.Concat(Enumerable.Repeat("2**", 3_000)) + "1" })
        {
            Assert.Contains("error", await CallAsync(EvalExpressionTool.Create(), new JsonObject { ["expression"] = hostile }), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a1 b22", @"\d+", "['1', '22']")]
    [InlineData("k=v; x=y", @"(\w)=(\w)", "[('k', 'v'), ('x', 'y')]")]
    [InlineData("it's", @".+", "[\"it's\"]")]
    [InlineData("name: Bo", @"(?P<n>B\w)", "['Bo']")]
    [InlineData("x", "(", "Failed to extract result, error: ")]
    [InlineData("", "x", "Invalid content")]
    public async Task Regex_finds_as_findall_prints(string content, string expression, string expected) => Assert.StartsWith(
        expected,
        await CallAsync(Core.Tools.BuiltIn.RegexExtractTool.Create(), new JsonObject { ["content"] = content, ["expression"] = expression }),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_regex_that_explodes_is_given_up() => Assert.Contains(
        "takes too long",
        await CallAsync(Core.Tools.BuiltIn.RegexExtractTool.Create(), new JsonObject { ["content"] = new string('a', 40) + "!", ["expression"] = "^(a+)+$" }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("$.a[0].b", "1")]
    [InlineData("$.a[*].b", "[1, 2]")]
    [InlineData("a[-1]", """{"b": 2}""")]
    [InlineData("$..b", "[1, 2]")]
    [InlineData("$['ü']", "\"\\u00e4\"")]
    [InlineData("$.a[0:1]", """{"b": 1}""")]
    [InlineData("$.none", "[]")]
    [InlineData("$.a[x]", "'x' is no number.")]
    public async Task Json_is_parsed_by_path(string path, string expected)
    {
        const string Content = """{"a": [{"b": 1}, {"b": 2}], "ü": ["ä"]}""";

        var found = await CallAsync(Json("parse"), new JsonObject { ["content"] = Content, ["json_filter"] = path, ["ensure_ascii"] = true });

        Assert.Equal(path == "$['ü']" ? $"[{expected}]" : expected, found);
    }

    [Fact]
    public async Task Json_is_changed_by_path()
    {
        const string Content = """{"a": [1, 2], "o": {"x": "old text"}}""";

        Assert.Equal("""{"a": [1, 2], "o": {"x": "old text", "y": 1}}""", await CallAsync(
            Json("insert"), new JsonObject { ["content"] = Content, ["query"] = "$.o", ["new_value"] = "{\"y\": 1}" }));
        Assert.Equal("""{"a": [9, 1, 2], "o": {"x": "old text"}}""", await CallAsync(
            Json("insert"), new JsonObject { ["content"] = Content, ["query"] = "$.a", ["new_value"] = "9", ["index"] = 0 }));
        Assert.Equal("""{"a": [1, 2], "o": {"x": "new text"}}""", await CallAsync(
            Json("replace"), new JsonObject { ["content"] = Content, ["query"] = "$.o.x", ["replace_model"] = "pattern", ["replace_pattern"] = "old", ["replace_value"] = "new" }));
        Assert.Equal("""{"a": [], "o": {"x": "old text"}}""", await CallAsync(
            Json("delete"), new JsonObject { ["content"] = Content, ["query"] = "$.a[*]" }));
        Assert.StartsWith("'nope' is", await CallAsync(
            Json("delete"), new JsonObject { ["content"] = "nope", ["query"] = "$" }), StringComparison.Ordinal);
    }

    private static ITool TimeTool(string name) => new TimeTools(Clock).All.Single(tool => tool.Description.Name == name);

    private static ITool Json(string name) => JsonTools.Create().Single(tool => tool.Description.Name == name);

    private static async Task<string> CallAsync(ITool tool, JsonObject parameters)
    {
        var text = "";
        await foreach (var message in tool.InvokeAsync(new ToolCall(Guid.CreateVersion7(), "u", parameters), TestContext.Current.CancellationToken))
        {
            text += Assert.IsType<ToolText>(message).Text;
        }

        return text;
    }
}
