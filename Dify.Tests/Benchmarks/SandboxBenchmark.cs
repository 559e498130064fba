using System.Diagnostics;
using System.Text.Json.Nodes;
using Dify.Core.Sandbox;
using Dify.Core.Sandbox.Jail;
using Dify.Core.Sandbox.JavaScript;
using Dify.Core.Sandbox.Templates;
using Microsoft.Extensions.Options;

namespace Dify.Tests.Benchmarks;

/// <summary>What code nodes and templates cost: the first call, and then usually and at worst.</summary>
internal static class SandboxBenchmark
{
    private const string Template = """
        # {{ title|upper }}
        {% for person in people %}{% if person.age >= 30 %}- {{ loop.index }}. {{ person.name }} ({{ "%.1f"|format(person.age / 7) }})
        {% else %}- young {{ person.name|default("nobody") }}
        {% endif %}{% endfor %}{{ people|map(attribute="name")|join(", ") }}
        """;

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var options = Options.Create(new SandboxOptions());
        using var starter = new JailStarter();
        using var jail = new JailRunner(starter, options, TimeProvider.System);
        using var runner = new LocalRunner(new JintRunner(options), jail, options);
        var sandbox = new CodeSandbox(runner);
        var renderer = new JinjaRenderer(TimeProvider.System);
        var inputs = new JsonObject { ["a"] = 1, ["b"] = "x" };
        var people = new JsonObject
        {
            ["title"] = "members",
            ["people"] = new JsonArray([.. Enumerable.Range(0, 20).Select(i => (JsonNode)new JsonObject { ["name"] = $"Name {i}", ["age"] = 20 + i })]),
        };
        return
        [
            .. await MeasureAsync("python main", 200, 40, () => sandbox.RunAsync(
                new CodeRequest(CodeLanguage.Python3, "def main(a, b):\n    return {'r': a + 1}", inputs), cancellationToken).AsTask()),
            .. await MeasureAsync("javascript main", 500, 40, () => sandbox.RunAsync(
                new CodeRequest(CodeLanguage.JavaScript, "function main({a, b}) { return { r: a + 1 }; }", inputs), cancellationToken).AsTask()),
            .. await MeasureAsync("template of 20 rows", 2000, 2, () => renderer.RenderAsync(Template, people, cancellationToken).AsTask()),
        ];
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(string what, int times, double target, Func<Task> call)
    {
        var first = await TimeAsync(call);
        for (var i = 0; i < 20; i++)
        {
            await call();
        }

        var taken = new List<double>();
        for (var i = 0; i < times; i++)
        {
            taken.Add(await TimeAsync(call));
        }

        taken.Sort();
        return
        [
            Figure.Note($"{what}, first call", first, "ms"),
            new Figure($"{what}, p50", taken[taken.Count / 2], "ms", target, true),
            Figure.Note($"{what}, p95", taken[taken.Count * 95 / 100], "ms"),
        ];
    }

    private static async Task<double> TimeAsync(Func<Task> call)
    {
        var start = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
