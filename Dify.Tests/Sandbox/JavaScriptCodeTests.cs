using System.Text.Json.Nodes;
using Xunit;

namespace Dify.Tests.Sandbox;

public sealed class JavaScriptCodeTests
{
    [Fact]
    public async Task Main_gets_one_object_and_its_object_is_the_result()
    {
        var result = await TestSandbox.JavaScriptAsync(
            "function main({a, b}) {\n  return { sum: a + 1, text: b.repeat(2), list: [1.5, null, true] };\n}",
            new JsonObject { ["a"] = 41, ["b"] = "é\n\"'\\ 😀\u2028" });
        Assert.Equal(42, (int)result["sum"]!);
        Assert.Equal("é\n\"'\\ 😀\u2028é\n\"'\\ 😀\u2028", (string)result["text"]!);
        Assert.Equal("[1.5,null,true]", result["list"]!.ToJsonString());
    }

    [Fact]
    public async Task A_promise_is_waited_for()
    {
        var result = await TestSandbox.JavaScriptAsync("async function main() { const v = await Promise.resolve(2); return { v }; }");
        Assert.Equal("""{"v":2}""", result.ToJsonString());
    }

    [Fact]
    public async Task Modern_JavaScript_runs()
    {
        var result = await TestSandbox.JavaScriptAsync(
            """
            class Box { #v = 1; get v() { return this.#v; } static of() { return new Box(); } }
            const main = ({ items }) => {
              const groups = Object.entries(items ?? {}).map(([k, v]) => ({ k, v: v?.x ?? "none" }));
              return { groups, m: [...new Map([[1, 2]]).values()], r: "a1b2".match(/\d/g), b: Box.of().v, t: `x${1 + 1}`, d: new Date(0).toISOString() };
            };
            """,
            new JsonObject { ["items"] = new JsonObject { ["p"] = new JsonObject { ["x"] = 1 }, ["q"] = null } });
        Assert.Equal(
            """{"groups":[{"k":"p","v":1},{"k":"q","v":"none"}],"m":[2],"r":["1","2"],"b":1,"t":"x2","d":"1970-01-01T00:00:00.000Z"}""",
            result.ToJsonString());
    }

    [Theory]
    [InlineData("function main() {\n  const o = null;\n  return { r: o.x };\n}", "TypeError: ", "main.js:3:")]
    [InlineData("function main() {\n  throw new RangeError('too far');\n}", "RangeError: too far", "main.js:2:")]
    [InlineData("function main() { return nothing; }", "ReferenceError: nothing is not defined", "main.js:1:")]
    [InlineData("function main( {", "SyntaxError: ", "")]
    [InlineData("const x = 1;", "ReferenceError: main is not defined", "")]
    [InlineData("function main() { throw 'plain'; }", "Uncaught plain", "")]
    [InlineData("function main() { return [1]; }", "Result must be a dict, got list", "")]
    [InlineData("function main() {}", "The result of main is no JSON object", "")]
    [InlineData("async function main() { throw new Error('late'); }", "Error: late", "")]
    [InlineData("function main() { return { r: 1n }; }", "TypeError: ", "")]
    public async Task What_went_wrong_is_said_in_the_words_of_JavaScript(string code, string start, string place)
    {
        var message = await TestSandbox.FailureAsync(() => TestSandbox.JavaScriptAsync(code));
        Assert.StartsWith(start, message);
        Assert.Contains(place, message);
        Assert.DoesNotContain("Jint", message);
    }

    [Fact]
    public async Task A_trace_has_no_line_from_behind_the_code()
    {
        var message = await TestSandbox.FailureAsync(() => TestSandbox.JavaScriptAsync("function main() {\n  throw new Error('x');\n}"));
        Assert.Equal(2, message.Split('\n').Length);
    }
}
