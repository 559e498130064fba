using Dify.Tests.Support;

namespace Dify.Tests.Benchmarks;

/// <summary>
/// Chat over the service API: key check, stored history, a model that answers at once; then many slow streams at a
/// time. Model, callers and program share the machine.
/// </summary>
internal static class ChatBenchmark
{
    private const int Callers = 16;
    private const int Streams = 64;

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("dify-bench-chat-").FullName;
        try
        {
            await using var model = await ModelServer.StartAsync(cancellationToken);
            var tokens = await ChatBenchmarkApp.PrepareAsync(
                folder, model.BaseUrl, [ModelServer.AtOnce, ModelServer.Paced], cancellationToken);
            await using var process = await DifyProcess.StartAsync(folder, cancellationToken: cancellationToken);
            var address = process.Client.BaseAddress!;
            return [.. await CallAsync(process, new ChatLoad(address, tokens[0]), cancellationToken),
                .. await StreamAsync(new ChatLoad(address, tokens[1]), cancellationToken)];
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            await TemporaryFolder.DeleteAsync(folder);
        }
    }

    private static async Task<IReadOnlyList<Figure>> CallAsync(
        DifyProcess process, ChatLoad load, CancellationToken cancellationToken)
    {
        await load.CallAsync(Callers, TimeSpan.FromSeconds(6), cancellationToken);
        var processor = process.ProcessorTime;
        var duration = TimeSpan.FromSeconds(10);
        var times = await load.CallAsync(Callers, duration, cancellationToken);
        var used = process.ProcessorTime - processor;
        return
        [
            new Figure("blocking, 16 callers", times.Count / duration.TotalSeconds, "req/s", 800, AtMost: false),
            new Figure("processor time a request", used.TotalMilliseconds / times.Count, "ms", 2, AtMost: true),
            Figure.Note("blocking, median", Percentile(times, 0.5), "ms"),
            Figure.Note("blocking, p95", Percentile(times, 0.95), "ms"),
        ];
    }

    private static async Task<IReadOnlyList<Figure>> StreamAsync(ChatLoad load, CancellationToken cancellationToken)
    {
        await load.StreamAsync(Streams, 1, cancellationToken);
        var streams = await load.StreamAsync(Streams, 5, cancellationToken);
        var lost = streams.Sum(stream => ModelServer.Tokens - stream.Tokens + (stream.Ended ? 0 : 1));
        return
        [
            Figure.Note("64 streams, first token, median", Percentile([.. streams.Select(s => s.First)], 0.5), "ms"),
            new Figure("64 streams, first token, p95", Percentile([.. streams.Select(s => s.First)], 0.95), "ms", 40, AtMost: true),
            new Figure("64 streams, longest gap", streams.Max(s => s.LongestGap), "ms", 100, AtMost: true),
            new Figure("64 streams, events lost", lost, "", 0, AtMost: true),
        ];
    }

    private static double Percentile(IReadOnlyList<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)Math.Ceiling(share * sorted.Count) - 1];
    }
}
