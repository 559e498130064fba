using Dify.Core.Realtime;
using Dify.Core.Realtime.InProcess;
using Dify.Core.Realtime.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Dify.Tests.Realtime;

public class StopSignalsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stop_reaches_the_run_and_no_other()
    {
        var signals = new InProcessStopSignals();
        var run = Guid.CreateVersion7();
        using var stopped = signals.Register(run);
        using var other = signals.Register(Guid.CreateVersion7());

        await signals.StopAsync(run, Cancellation);

        Assert.True(stopped.Token.IsCancellationRequested);
        Assert.False(other.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Stopping_a_run_that_has_ended_does_nothing()
    {
        var signals = new InProcessStopSignals();
        var run = Guid.CreateVersion7();
        var registration = signals.Register(run);
        registration.Dispose();

        await signals.StopAsync(run, Cancellation);

        Assert.False(registration.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_stop_travels_through_Redis_to_the_process_that_runs()
    {
        await using var here = new RedisConnection(TestRedis.Options);
        await using var there = new RedisConnection(TestRedis.Options);
        using var runner = new RedisStopSignals(here, NullLogger<RedisStopSignals>.Instance);
        using var stopper = new RedisStopSignals(there, NullLogger<RedisStopSignals>.Instance);
        var run = Guid.CreateVersion7();
        using var registration = runner.Register(run);

        await stopper.StopAsync(run, Cancellation);

        await Stopped(registration).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task A_run_that_registers_after_its_stop_is_stopped_too()
    {
        await using var here = new RedisConnection(TestRedis.Options);
        await using var there = new RedisConnection(TestRedis.Options);
        using var runner = new RedisStopSignals(here, NullLogger<RedisStopSignals>.Instance);
        using var stopper = new RedisStopSignals(there, NullLogger<RedisStopSignals>.Instance);
        var run = Guid.CreateVersion7();

        await stopper.StopAsync(run, Cancellation);
        using var registration = runner.Register(run);

        await Stopped(registration).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    private static Task Stopped(StopRegistration registration)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        registration.Token.Register(stopped.SetResult);
        return stopped.Task;
    }
}
