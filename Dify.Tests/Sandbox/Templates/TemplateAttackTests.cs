using System.Diagnostics;
using System.Text.Json.Nodes;
using Dify.Core.Sandbox;
using Dify.Core.Sandbox.Templates;
using Xunit;

namespace Dify.Tests.Sandbox.Templates;

/// <summary>Template injection and templates that want too much (attack list C7, C2).</summary>
public sealed class TemplateAttackTests
{
    private readonly JinjaRenderer _renderer = new(TimeProvider.System);

    [Theory]
    [InlineData("{{ ''.__class__ }}")]
    [InlineData("{{ ''.__class__.__mro__[1].__subclasses__() }}")]
    [InlineData("{{ ''['__class__']['__base__'] }}")]
    [InlineData("{{ ''|attr('__class__')|attr('__mro__') }}")]
    [InlineData("{{ [].__class__.__base__ }}")]
    [InlineData("{{ cycler.__init__.__globals__.os.popen('id').read() }}")]
    [InlineData("{{ joiner.__init__.__globals__ }}")]
    [InlineData("{{ namespace.__init__.__globals__ }}")]
    [InlineData("{{ lipsum.__globals__ }}")]
    [InlineData("{{ self.__init__.__globals__ }}")]
    [InlineData("{{ range.__call__ }}")]
    [InlineData("{{ config.items() }}")]
    [InlineData("{{ request.application.__globals__ }}")]
    [InlineData("{{ '{0.__class__}'.format('x') }}")]
    [InlineData("{{ '{0.__class__.__init__.__globals__}'.format(range) }}")]
    [InlineData("{{ '{x.GetType}'.format(x=1) }}")]
    [InlineData("{{ ''.GetType() }}")]
    [InlineData("{{ x.GetType().Assembly }}")]
    [InlineData("{{ {}.Keys }}{{ [].Count }}{{ ''.Length }}")]
    [InlineData("{% include '/etc/passwd' %}")]
    [InlineData("{% import 'os' as os %}{{ os.environ }}")]
    [InlineData("{{ ''.join.__self__ }}{{ ''.upper.__func__ }}")]
    [InlineData("{% macro m() %}{% endmacro %}{{ m.__globals__ }}{{ m._func }}{{ m._environment }}")]
    public async Task Nothing_behind_a_value_can_be_reached(string template)
    {
        var (output, _) = await RenderAsync(template, new JsonObject { ["x"] = 1 });
        Assert.True(output is null or "", output);
    }

    [Fact]
    public async Task A_value_is_never_a_template()
    {
        var (output, _) = await RenderAsync("{{ x }}|${x}", new JsonObject { ["x"] = "{{ 7 * 7 }}{% raw %}" });
        Assert.Equal("{{ 7 * 7 }}{% raw %}|${x}", output);
    }

    [Theory]
    [InlineData("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% for i in range(100001) %}{% endfor %}")]
    [InlineData("{{ 'x' * 100000000 }}")]
    [InlineData("{{ [1] * 100000000 }}")]
    [InlineData("{{ ('x' * 1000000) * 1000000 }}")]
    [InlineData("{{ 10 ** 100000000 }}")]
    [InlineData("{{ '%999999999d' % 1 }}")]
    [InlineData("{{ '{:999999999}'.format(1) }}")]
    [InlineData("{{ 'x'.center(999999999) }}{{ 'x'|center(999999999) }}")]
    [InlineData("{{ 'x'.zfill(999999999) }}")]
    [InlineData("{% macro r(n) %}{{ r(n) }}{{ r(n) }}{% endmacro %}{{ r(1) }}")]
    [InlineData("{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{{ l }}")]
    [InlineData("{{ 'a'.replace('', 'x' * 3000000) }}")]
    [InlineData("{{ ('aaaaaaaaaaaaaaaaaaaaaaaaaaaa' * 1000)|wordwrap(1)|wordwrap(1)|length * 'x' * 999999 }}")]
    public async Task What_wants_too_much_ends_in_bounded_time(string template)
    {
        var start = Stopwatch.GetTimestamp();
        var (output, error) = await RenderAsync(template, []);
        Assert.True(output is null && error is not null, output);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(15), $"{Stopwatch.GetElapsedTime(start)}");
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("[", 100_000)]
    [InlineData("not ", 100_000)]
    [InlineData("-", 100_000)]
    [InlineData("1 if ", 50_000)]
    public async Task Deep_nesting_is_an_error(string piece, int times)
    {
        var (_, error) = await RenderAsync("{{ " + string.Concat(Enumerable.Repeat(piece, times)) + " }}", []);
        Assert.NotNull(error);
    }

    [Fact]
    public async Task Long_chains_are_rendered_or_refused()
    {
        foreach (var chain in (string[])[string.Concat(Enumerable.Repeat("1+", 50_000)) + "1", "''" + string.Concat(Enumerable.Repeat("|upper", 50_000)), "x" + string.Concat(Enumerable.Repeat(".a", 50_000))])
        {
            var (output, error) = await RenderAsync("{{ " + chain + " }}", []);
            Assert.True(output is not null || error is not null);
        }
    }

    private async Task<(string? Output, string? Error)> RenderAsync(string template, JsonObject variables)
    {
        try
        {
            return (await _renderer.RenderAsync(template, variables, TestContext.Current.CancellationToken), null);
        }
        catch (TemplateException problem)
        {
            return (null, problem.Message);
        }
    }
}
