using Dify.Core.Realtime;
using Xunit;

namespace Dify.Tests.Realtime;

/// <summary>What every log of run events must keep to, whatever it is made of.</summary>
public abstract class RunEventLogContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_late_watcher_gets_all_events_in_order()
    {
        var log = await OpenAsync();
        var run = await OpenRunAsync(log);
        await AppendAsync(log, run, 1, 5);
        await log.CompleteAsync(run, Cancellation);

        var seen = await log.WatchAsync(run, cancellationToken: Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Enumerable.Range(1, 5).Select(n => new RunEvent(n, "message", $"{{\"n\":{n}}}")), seen);
    }

    [Fact]
    public async Task A_watcher_that_comes_back_goes_on_after_the_last_event_it_saw()
    {
        var log = await OpenAsync();
        var run = await OpenRunAsync(log);
        await AppendAsync(log, run, 1, 5);
        await log.CompleteAsync(run, Cancellation);

        var seen = await log.WatchAsync(run, 3, Cancellation).ToListAsync(Cancellation);

        Assert.Equal([4, 5], seen.Select(happened => happened.Number));
    }

    [Fact]
    public async Task A_log_that_has_ended_begins_anew_and_an_open_one_goes_on()
    {
        var log = await OpenAsync();
        var run = await OpenRunAsync(log);
        await AppendAsync(log, run, 1, 3);
        await log.OpenAsync(run, Cancellation);
        await AppendAsync(log, run, 4, 4);
        await log.CompleteAsync(run, Cancellation);
        Assert.Equal(4, await log.WatchAsync(run, cancellationToken: Cancellation).CountAsync(Cancellation));

        await log.OpenAsync(run, Cancellation);
        await AppendAsync(log, run, 9, 9);
        await log.CompleteAsync(run, Cancellation);

        var seen = await log.WatchAsync(run, cancellationToken: Cancellation).ToListAsync(Cancellation);
        Assert.Equal([new RunEvent(1, "message", "{\"n\":9}")], seen);
    }

    [Fact]
    public async Task A_watcher_waits_for_events_and_ends_with_the_run()
    {
        var log = await OpenAsync();
        var run = await OpenRunAsync(log);
        await using var watching = log.WatchAsync(run, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);

        var first = watching.MoveNextAsync().AsTask();
        Assert.False(first.IsCompleted);
        await AppendAsync(log, run, 1, 1);
        Assert.True(await first);
        Assert.Equal(1, watching.Current.Number);

        var second = watching.MoveNextAsync().AsTask();
        await log.CompleteAsync(run, Cancellation);
        Assert.False(await second);
    }

    [Fact]
    public async Task Many_watchers_lose_nothing_while_events_are_written()
    {
        const int Events = 2000;
        const int Watchers = 20;
        var log = await OpenAsync();
        var run = await OpenRunAsync(log);

        var watching = Enumerable.Range(0, Watchers)
            .Select(_ => Task.Run(async () =>
                await log.WatchAsync(run, cancellationToken: Cancellation).Select(happened => happened.Number).ToListAsync(Cancellation)))
            .ToList();
        await AppendAsync(log, run, 1, Events);
        await log.CompleteAsync(run, Cancellation);

        var expected = Enumerable.Range(1, Events).Select(number => (long)number);
        foreach (var seen in await Task.WhenAll(watching))
        {
            Assert.Equal(expected, seen);
        }
    }

    [Fact]
    public async Task A_slow_watcher_does_not_hold_up_the_run()
    {
        var log = await OpenAsync();
        var run = await OpenRunAsync(log);
        await AppendAsync(log, run, 1, 1);
        await using var slow = log.WatchAsync(run, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await slow.MoveNextAsync());

        await AppendAsync(log, run, 2, 1000);
        await log.CompleteAsync(run, Cancellation);

        var rest = 0;
        while (await slow.MoveNextAsync())
        {
            rest++;
        }

        Assert.Equal(999, rest);
    }

    [Fact]
    public async Task Leaving_ends_the_watching_and_not_the_run()
    {
        var log = await OpenAsync();
        var run = await OpenRunAsync(log);
        using var leaving = new CancellationTokenSource();
        var watching = Task.Run(
            async () => await log.WatchAsync(run, cancellationToken: leaving.Token).ToListAsync(Cancellation), Cancellation);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);

        await AppendAsync(log, run, 1, 1);
        await log.CompleteAsync(run, Cancellation);
        Assert.Single(await log.WatchAsync(run, cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task An_unknown_run_has_no_events_and_is_told_apart()
    {
        var log = await OpenAsync();
        var run = Guid.CreateVersion7();

        Assert.False(await log.ExistsAsync(run, Cancellation));
        Assert.Empty(await log.WatchAsync(run, cancellationToken: Cancellation).ToListAsync(Cancellation));

        await log.OpenAsync(run, Cancellation);
        Assert.True(await log.ExistsAsync(run, Cancellation));
        await log.CompleteAsync(run, Cancellation);
        Assert.True(await log.ExistsAsync(run, Cancellation));
        Assert.Empty(await log.WatchAsync(run, cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    internal abstract ValueTask<IRunEventLog> OpenAsync();

    private static async Task<Guid> OpenRunAsync(IRunEventLog log)
    {
        var run = Guid.CreateVersion7();
        await log.OpenAsync(run, Cancellation);
        return run;
    }

    private static async Task AppendAsync(IRunEventLog log, Guid run, int first, int last)
    {
        for (var number = first; number <= last; number++)
        {
            await log.AppendAsync(run, "message", $"{{\"n\":{number}}}", Cancellation);
        }
    }
}
