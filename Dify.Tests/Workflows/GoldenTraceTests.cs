using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine.Events;
using Xunit;

namespace Dify.Tests.Workflows;

public class GoldenTraceTests
{
    public static TheoryData<string> Traces() => [.. GoldenFolder.Traces()];

    [Theory]
    [MemberData(nameof(Traces))]
    public async Task One_worker_gives_the_recorded_events_in_the_recorded_order(string name)
    {
        var trace = GoldenTrace.Read(GoldenFolder.PathOf(name));
        if (trace.BuildError is not null)
        {
            Assert.Equal(trace.BuildError, Assert.Throws<DifyException>(() => GraphDefinition.Parse(GoldenRun.Data(name, trace))).Message);
            return;
        }

        var seen = await GoldenRun.RunAsync(name, trace, new TraceNodes(trace), 1, null, TestContext.Current.CancellationToken);

        Assert.Equal(GoldenRun.Lines(trace.Events), GoldenRun.Lines(seen.Select(GoldenRun.ToGolden)));
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public async Task Four_workers_give_the_recorded_ending(string name)
    {
        var trace = GoldenTrace.Read(GoldenFolder.PathOf(name));
        if (trace.BuildError is not null)
        {
            return;
        }

        var seen = await GoldenRun.RunAsync(name, trace, new TraceNodes(trace), 4, null, TestContext.Current.CancellationToken);

        Assert.Equal(Ending(trace.Events), Ending(seen.Select(GoldenRun.ToGolden)));
        if (seen[^1] is GraphRunSucceeded)
        {
            Assert.Equal(Text(trace.Events), Text(seen.Select(GoldenRun.ToGolden)));
        }
    }

    /// <summary>Answers of parallel branches may end in any order, and stream so.</summary>
    private static string Ending(IEnumerable<GoldenEvent> events) => string.Concat(GoldenRun.Lines(events)[^1].Order());

    private static string Text(IEnumerable<GoldenEvent> events) =>
        string.Concat(events.Select(item => item.Chunk).OfType<string>().SelectMany(chunk => chunk).Order());
}
