using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Engine.Events;
using Xunit;

namespace Dify.Tests.Workflows;

public sealed class JournalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Traces() =>
        [.. GoldenFolder.Traces().Where(name => GoldenTrace.Read(GoldenFolder.PathOf(name)).BuildError is null)];

    [Theory]
    [MemberData(nameof(Traces))]
    public async Task Cut_after_any_node_a_run_goes_on_to_the_same_end(string name)
    {
        var trace = GoldenTrace.Read(GoldenFolder.PathOf(name));
        var (whole, events) = await RunAsync(name, trace, 1, []);
        Assert.NotEmpty(whole.Records);
        for (var kept = 0; kept <= whole.Records.Count; kept++)
        {
            var before = whole.Records.Take(kept).ToList();
            var (rest, resumed) = await RunAsync(name, trace, 1, before);

            Assert.Equal(Steps(events), Steps(resumed));
            Assert.Equal(Text(events), Text(resumed));
            Assert.Equal(Keys(whole.Records), Keys(before.Concat(rest.Records)));
            Assert.Equal(
                before.Select(item => item.Finished.ExecutionId).Order(),
                Endings(resumed).Where(item => item.IsReplayed).Select(item => item.ExecutionId).Order());
            Assert.Equal(kept > 0, resumed.OfType<GraphRunStarted>().Single().IsResumption);
            Assert.DoesNotContain(rest.Begun, id => before.Any(item => item.Finished.NodeId == id && item.Path.Length == 0));
            var indexes = resumed.OfType<NodeRunStarted>().Select(item => item.Index).ToList();
            Assert.Equal(indexes.Count, indexes.Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public async Task With_four_workers_too(string name)
    {
        var trace = GoldenTrace.Read(GoldenFolder.PathOf(name));
        var (whole, events) = await RunAsync(name, trace, 4, []);
        for (var kept = 0; kept <= whole.Records.Count; kept++)
        {
            var before = whole.Records.Take(kept).ToList();
            var (rest, resumed) = await RunAsync(name, trace, 4, before);

            // Answers of parallel branches may end in any order.
            Assert.Equal(Steps(events)[^1].Order(), Steps(resumed)[^1].Order());
            if (events[^1] is GraphRunSucceeded)
            {
                Assert.Equal(Keys(whole.Records), Keys(before.Concat(rest.Records)));
            }
        }
    }

    private static async Task<(MemoryJournal Journal, List<GraphEvent> Events)> RunAsync(
        string name, GoldenTrace trace, int workers, List<(string Path, FinishedNode Finished)> before)
    {
        var journal = new MemoryJournal(before);
        return (journal, await GoldenRun.RunAsync(name, trace, new TraceNodes(trace), workers, journal, Cancellation));
    }

    /// <summary>What happened to nodes and to the run; an earlier life's failed attempts are not told again.</summary>
    private static IReadOnlyList<string> Steps(IEnumerable<GraphEvent> events) =>
        GoldenRun.Lines(events.Where(item => item is not NodeRunStreamChunk and not NodeRunRetry).Select(GoldenRun.ToGolden));

    private static string Text(IEnumerable<GraphEvent> events) =>
        string.Concat(events.OfType<NodeRunStreamChunk>().OrderBy(chunk => chunk.IterationIndex ?? -1).Select(chunk => chunk.Chunk));

    private static IEnumerable<string> Keys(IEnumerable<(string Path, FinishedNode Finished)> records) =>
        records.Select(item => $"{item.Path} {item.Finished.NodeId}").Order(StringComparer.Ordinal);

    private static IEnumerable<NodeEvent> Endings(IEnumerable<GraphEvent> events) =>
        events.Where(item => item is NodeRunSucceeded or NodeRunException or NodeRunFailed).Cast<NodeEvent>();
}
