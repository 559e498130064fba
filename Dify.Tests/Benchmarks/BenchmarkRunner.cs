using System.Diagnostics;
using System.Globalization;

namespace Dify.Tests.Benchmarks;

/// <summary><c>Dify.Tests bench [names…]</c>: runs the named benchmarks (all without a name) and prints one table.</summary>
internal static class BenchmarkRunner
{
    private static readonly Benchmark[] All =
    [
        new("chat", ChatBenchmark.RunAsync),
        new("cranfield", CranfieldBenchmark.RunAsync),
        new("engine", EngineBenchmark.RunAsync),
        new("hybrid", HybridSearchBenchmark.RunAsync),
        new("ingest", IngestBenchmark.RunAsync),
        new("runs", RunBenchmark.RunAsync),
        new("sandbox", SandboxBenchmark.RunAsync),
        new("start", StartBenchmark.RunAsync),
    ];

    /// <returns>0 when every figure is reached, 1 otherwise, 2 for an unknown name.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> names)
    {
        var unknown = names.Except(All.Select(benchmark => benchmark.Name)).ToList();
        if (unknown.Count > 0)
        {
            Console.Error.WriteLine(
                $"No benchmark is called {string.Join(", ", unknown)}. There are: {string.Join(", ", All.Select(b => b.Name))}.");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };

        var rows = new List<(string Benchmark, Figure Figure)>();
        foreach (var benchmark in All.Where(benchmark => names.Count == 0 || names.Contains(benchmark.Name)))
        {
            Console.Error.WriteLine($"{benchmark.Name} …");
            rows.AddRange((await benchmark.Run(stop.Token)).Select(figure => (benchmark.Name, figure)));
        }

        Print(rows);
        return rows.TrueForAll(row => row.Figure.IsReached) ? 0 : 1;
    }

    private static void Print(List<(string Benchmark, Figure Figure)> rows)
    {
        var build = typeof(Dify.Core.DifyServiceCollectionExtensions).Assembly
            .GetCustomAttributes(typeof(DebuggableAttribute), false).OfType<DebuggableAttribute>()
            .Any(attribute => attribute.IsJITOptimizerDisabled) ? "Debug: figures do not count" : "Release";
        Console.WriteLine($"{build}, {Environment.ProcessorCount} cores, .NET {Environment.Version}");
        Console.WriteLine($"{"benchmark",-12} {"figure",-58} {"measured",14} {"target",16}  ");
        foreach (var (benchmark, figure) in rows)
        {
            var target = double.IsNaN(figure.Target)
                ? "" : $"{(figure.AtMost ? "<=" : ">=")} {Number(figure.Target)} {figure.Unit}";
            Console.WriteLine(
                $"{benchmark,-12} {figure.What,-58} {$"{Number(figure.Value)} {figure.Unit}",14} {target,16}  {(figure.IsReached ? "" : "MISSED")}");
        }
    }

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) < 10 ? "0.###" : "0.#", CultureInfo.InvariantCulture);
}
