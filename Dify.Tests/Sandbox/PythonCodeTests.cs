using System.Text.Json.Nodes;
using Xunit;

namespace Dify.Tests.Sandbox;

public sealed class PythonCodeTests : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await TestSandbox.RequirePythonAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Main_gets_named_arguments_and_its_dict_is_the_result()
    {
        var result = await TestSandbox.PythonAsync(
            "def main(a: int, b: str) -> dict:\n    return {'sum': a + 1, 'text': b * 2}",
            new JsonObject { ["a"] = 41, ["b"] = "é\n\"'\\ 😀" });
        Assert.Equal(42, (int)result["sum"]!);
        Assert.Equal("é\n\"'\\ 😀é\n\"'\\ 😀", (string)result["text"]!);
    }

    [Theory]
    [InlineData("""{"v":null}""")]
    [InlineData("""{"v":[true,false,null,1,-2.5,1e100,"x"]}""")]
    [InlineData("""{"v":{"a":{"b":[{}]}}}""")]
    [InlineData("""{"v":123456789012345678901234567890}""")]
    [InlineData("""{"v":" \u0000 < > & ' "}""")]
    [InlineData("""{"v":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""")]
    public async Task Values_arrive_and_return_unchanged(string json)
    {
        var inputs = (JsonObject)JsonNode.Parse(json)!;
        var result = await TestSandbox.PythonAsync("def main(v):\n    return {'v': v}", inputs);
        Assert.True(JsonNode.DeepEquals(inputs, result), result.ToJsonString());
    }

    [Fact]
    public async Task Large_values_arrive()
    {
        var inputs = new JsonObject { ["v"] = new string('é', 500_000), ["l"] = new JsonArray([.. Enumerable.Range(0, 20_000).Select(i => (JsonNode)$"row {i}")]) };
        var result = await TestSandbox.PythonAsync("def main(v, l):\n    return {'v': len(v), 'l': l[-1], 'back': v}", inputs);
        Assert.Equal(500_000, (int)result["v"]!);
        Assert.Equal("row 19999", (string)result["l"]!);
        Assert.Equal(500_000, ((string)result["back"]!).Length);
    }

    [Fact]
    public async Task A_double_stays_a_float()
    {
        var result = await TestSandbox.PythonAsync("def main(v):\n    return {'t': type(v).__name__, 'v': v}", new JsonObject { ["v"] = 2.0 });
        Assert.Equal("""{"t":"float","v":2.0}""", Plain(result));
    }

    [Fact]
    public async Task Texts_that_look_like_scientific_numbers_become_numbers()
    {
        var result = await TestSandbox.PythonAsync("def main():\n    return {'a': '1e-7', 'b': ['2.5E+3'], 'c': '1e5', 'd': '1e-7x'}");
        Assert.Equal("""{"a":1E-07,"b":[2500],"c":"1e5","d":"1e-7x"}""", Plain(result));
    }

    [Fact]
    public async Task The_library_of_Python_is_there_and_what_is_printed_is_not_the_result()
    {
        var result = await TestSandbox.PythonAsync(
            """
            import json, re, datetime, math, hashlib, decimal, collections, statistics, random, base64, urllib.parse, itertools, sys
            def main():
                print("<<RESULT>>{\"r\": 1}<<RESULT>>")
                sys.stderr.write("a warning\n")
                return {"r": json.loads("[1,2]"), "t": datetime.date(2024, 2, 29).isoformat(), "h": hashlib.md5(b"a").hexdigest()}
            """);
        Assert.Equal("""{"r":[1,2],"t":"2024-02-29","h":"0cc175b9c0f1b6a831c399e269772661"}""", Plain(result));
    }

    [Fact]
    public async Task A_traceback_shows_the_lines_of_the_code_and_no_other()
    {
        var message = await TestSandbox.FailureAsync(() => TestSandbox.PythonAsync("def main():\n    x = 1\n    return {'r': x / 0}"));
        Assert.StartsWith("Traceback (most recent call last):\n  File \"main.py\", line 3, in main\n    return {'r': x / 0}\n", message);
        Assert.EndsWith("ZeroDivisionError: division by zero", message);
        Assert.DoesNotContain("sandbox", message);
        Assert.DoesNotContain("_run", message);
    }

    [Theory]
    [InlineData("def main(:", "SyntaxError: invalid syntax")]
    [InlineData("x = 1", "NameError: name 'main' is not defined")]
    [InlineData("def main(a):\n    return {}", "TypeError: main() missing 1 required positional argument: 'a'")]
    [InlineData("def main():\n    return {'r': {1, 2}}", "TypeError: Object of type set is not JSON serializable")]
    [InlineData("def main():\n    return {'r': float('nan')}", "ValueError: Out of range float values are not JSON compliant")]
    [InlineData("def main():\n    return [1]", "Result must be a dict, got list")]
    [InlineData("def main():\n    return None", "Result must be a dict, got NoneType")]
    [InlineData("def main():\n    return {'r': '\\ud800'}", "The result of main holds text that is not valid Unicode (half a surrogate pair).")]
    [InlineData("import nothing_here\ndef main():\n    return {}", "ModuleNotFoundError: No module named 'nothing_here'")]
    [InlineData("def main():\n    a = {}\n    a['a'] = a\n    return a", "ValueError: Circular reference detected")]
    [InlineData("import os\ndef main():\n    os._exit(7)", "The code ended Python with exit code 7.")]
    [InlineData("import os\ndef main():\n    os._exit(0)", "The code ended without returning from main.")]
    [InlineData("import sys\ndef main():\n    sys.exit('bye')", "SystemExit: bye")]
    public async Task What_went_wrong_is_said_in_the_words_of_Python(string code, string expected) =>
        Assert.EndsWith(expected, await TestSandbox.FailureAsync(() => TestSandbox.PythonAsync(code)));

    [Fact]
    public async Task A_stopped_run_leaves_at_once()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = TestSandbox.Create().RunAsync(new(Dify.Core.Sandbox.CodeLanguage.Python3, "import time\ndef main():\n    time.sleep(60)", []), stop.Token);
        stop.CancelAfter(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await run);
    }

    private static string Plain(JsonNode value) => value.ToJsonString(Dify.Core.Common.JsonDefaults.Wire);
}
