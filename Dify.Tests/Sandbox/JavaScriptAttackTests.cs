using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Dify.Tests.Sandbox;

/// <summary>What code may try against the interpreter (attack list C4, C5, C9).</summary>
public sealed class JavaScriptAttackTests
{
    [Theory]
    [InlineData("typeof require")]
    [InlineData("typeof process")]
    [InlineData("typeof importNamespace")]
    [InlineData("typeof System")]
    [InlineData("typeof clr")]
    [InlineData("typeof fetch")]
    [InlineData("typeof XMLHttpRequest")]
    [InlineData("typeof setTimeout")]
    [InlineData("typeof Buffer")]
    [InlineData("typeof console.log.GetType")]
    [InlineData("typeof console.GetType")]
    [InlineData("typeof this.constructor.constructor('return process')().mainModule")]
    [InlineData("typeof [].constructor.constructor('return this')().System")]
    [InlineData("typeof (function(){}).constructor('return require')()")]
    [InlineData("typeof Reflect.getPrototypeOf(console.log).Method")]
    [InlineData("typeof Object.getOwnPropertyNames(globalThis).find(n => /clr|dotnet|system|host/i.test(n))")]
    public async Task No_way_leads_out_of_the_interpreter(string expression)
    {
        var result = await TestSandbox.JavaScriptAsync($"function main() {{ let r; try {{ r = {expression}; }} catch (e) {{ r = 'undefined'; }} return {{ r }}; }}");
        Assert.Equal("undefined", (string)result["r"]!);
    }

    [Theory]
    [InlineData("while (true) {}", "stopped")]
    [InlineData("for (;;) { try { throw 1 } catch {} }", "stopped")]
    [InlineData("const f = () => f(); f();", "Maximum call stack size exceeded")]
    [InlineData("const o = { get x() { return this.x } }; o.x;", "Maximum call stack size exceeded")]
    [InlineData("const o = { toString() { return '' + this } }; '' + o;", "Maximum call stack size exceeded")]
    [InlineData("const a = []; for (;;) a.push(new Array(1000).fill(0));", "stopped")]
    [InlineData("let s = 'x'; for (;;) s += s;", "")]
    [InlineData("'a'.repeat(2 ** 30);", "")]
    [InlineData("new Array(4e9).fill(1);", "")]
    [InlineData("new ArrayBuffer(2 ** 40);", "")]
    [InlineData("'x'.padEnd(2 ** 30);", "")]
    [InlineData("Array(1e7).join('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx');", "")]
    [InlineData("/^(a+)+$/.test('a'.repeat(40) + '!');", "")]
    [InlineData("JSON.parse('['.repeat(100000));", "")]
    [InlineData("eval('('.repeat(100000));", "")]
    [InlineData("for (;;) console.log('x'.repeat(1000));", "stopped")]
    [InlineData("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);", "")]
    [InlineData("let o = {}; for (let i = 0; i < 100000; i++) o = { o }; return o;", "")]
    public async Task What_wants_too_much_ends_in_bounded_time(string code, string expected)
    {
        var start = Stopwatch.GetTimestamp();
        var failure = "";
        try
        {
            await TestSandbox.JavaScriptAsync(
                $"function main() {{ {code} return {{}}; }}", change: o => (o.RunTimeoutSeconds, o.MemoryMegabytes, o.MaxOutputBytes) = (2, 128, 100_000));
        }
        catch (Dify.Core.Sandbox.CodeFailedException problem)
        {
            failure = problem.Message;
        }

        Assert.Contains(expected, failure);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20), $"{Stopwatch.GetElapsedTime(start)}: {failure}");
    }

    [Fact]
    public async Task A_polluted_prototype_is_gone_in_the_next_run()
    {
        await TestSandbox.JavaScriptAsync("function main() { Object.prototype.polluted = 1; JSON.stringify = null; Array.prototype.map = null; return {}; }");
        var result = await TestSandbox.JavaScriptAsync("function main() { return { p: typeof ({}).polluted, m: [1].map(x => x + 1), s: JSON.stringify([1]) }; }");
        Assert.Equal("""{"p":"undefined","m":[2],"s":"[1]"}""", result.ToJsonString());
    }

    [Fact]
    public async Task A_key_proto_is_a_key_and_no_prototype()
    {
        var inputs = (JsonObject)JsonNode.Parse("""{"v":{"__proto__":{"admin":true},"a":1}}""")!;
        var result = await TestSandbox.JavaScriptAsync("function main({v}) { return { admin: v.admin === undefined, other: ({}).admin === undefined, keys: Object.keys(v) }; }", inputs);
        Assert.Equal("""{"admin":true,"other":true,"keys":["__proto__","a"]}""", result.ToJsonString());
    }

    [Fact]
    public async Task What_is_printed_is_never_the_result()
    {
        var result = await TestSandbox.JavaScriptAsync("function main() { console.log('<<RESULT>>{\"r\":2}<<RESULT>>'); console.error('x'); return { r: 1 }; }");
        Assert.Equal("""{"r":1}""", result.ToJsonString());
    }
}
