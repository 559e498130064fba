using Dify.Core.Realtime;
using Dify.Core.Realtime.InProcess;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dify.Tests.Realtime;

public sealed class InProcessRunEventLogTests : RunEventLogContract, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InProcessRunEventLog _log;

    public InProcessRunEventLogTests() => _log = new InProcessRunEventLog(_time) { MaxFinishedCharacters = 100_000 };

    [Fact]
    public async Task Finished_runs_are_kept_for_five_minutes()
    {
        var run = Guid.CreateVersion7();
        await FinishAsync(run, "{}");

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.True(await _log.ExistsAsync(run, TestContext.Current.CancellationToken));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await _log.ExistsAsync(run, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_oldest_finished_runs_leave_when_memory_is_full()
    {
        var runs = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var run in runs)
        {
            await FinishAsync(run, new string('x', 30_000));
        }

        var kept = new List<bool>();
        foreach (var run in runs)
        {
            kept.Add(await _log.ExistsAsync(run, TestContext.Current.CancellationToken));
        }

        Assert.Equal([false, false, true, true, true], kept);
    }

    public void Dispose() => _log.Dispose();

    internal override ValueTask<IRunEventLog> OpenAsync() => ValueTask.FromResult<IRunEventLog>(_log);

    private async Task FinishAsync(Guid run, string json)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _log.OpenAsync(run, cancellation);
        await _log.AppendAsync(run, "message", json, cancellation);
        await _log.CompleteAsync(run, cancellation);
    }
}
