using Dify.Tests.Support;

namespace Dify.Tests.Benchmarks;

/// <summary>How soon the program answers on an existing data folder, and what it holds when nobody uses it.</summary>
internal static class StartBenchmark
{
    private const int Starts = 5;
    private const double MegaByte = 1 << 20;

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("dify-bench-start-").FullName;
        try
        {
            TimeSpan first;
            await using (var process = await DifyProcess.StartAsync(folder, cancellationToken: cancellationToken))
            {
                first = process.StartTime;
            }

            var times = new List<double>();
            double memory = 0;
            for (var i = 0; i < Starts; i++)
            {
                await using var process = await DifyProcess.StartAsync(folder, cancellationToken: cancellationToken);
                times.Add(process.StartTime.TotalMilliseconds);
                if (i == Starts - 1)
                {
                    await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
                    memory = process.Memory / MegaByte;
                }
            }

            times.Sort();
            return
            [
                Figure.Note("first start, empty data folder", first.TotalMilliseconds, "ms"),
                new Figure("start on an existing data folder, median", times[Starts / 2], "ms", 2000, AtMost: true),
                new Figure("start on an existing data folder, slowest of 5", times[^1], "ms", 2000, AtMost: true),
                new Figure("idle memory of the process after 10 s", memory, "MB", 250, AtMost: true),
            ];
        }
        finally
        {
            await TemporaryFolder.DeleteAsync(folder);
        }
    }
}
