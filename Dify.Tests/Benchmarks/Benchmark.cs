namespace Dify.Tests.Benchmarks;

/// <summary>A measure with the figures that it must reach.</summary>
/// <param name="Name">What the command line calls it.</param>
internal sealed record Benchmark(string Name, Func<CancellationToken, Task<IReadOnlyList<Figure>>> Run);
