using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Runs;
using Dify.Web.Components.Pages.Chat;
using Dify.Web.Components.Pages.Workflows.Runs;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dify.Tests.Web.Components.Workflows;

public sealed class RunWatchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_events_are_shown_in_few_batches_and_the_stored_end_is_the_last()
    {
        await using var fixture = new PieceFixture();
        var time = new FakeTimeProvider();
        var events = Channel.CreateUnbounded<RunEvent>();
        var stored = new WorkflowRun { InvokeFrom = "debugger", UserId = "u", Status = RunStatus.Succeeded, Outputs = "{\"a\":1}", FinishedAt = time.GetUtcNow() };
        var trace = new RunTrace { RunId = stored.Id };
        using var watch = new RunWatch(
            trace, new LiveAnswer(fixture.Markdown, time), (_, token) => events.Reader.ReadAllAsync(token), _ => Task.FromResult<WorkflowRun?>(stored), null, time);
        var shown = 0;
        watch.Changed += () => Interlocked.Increment(ref shown);
        for (var i = 1; i <= 500; i++)
        {
            await events.Writer.WriteAsync(new RunEvent(i, "node_started", $$$"""{"data":{"id":"{{{i}}}","node_id":"n{{{i}}}"}}"""), Cancel);
        }

        events.Writer.Complete();
        watch.Start();
        await watch.Completion.WaitAsync(Cancel);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.InRange(shown, 1, 11);
        Assert.Equal((500, StepState.Succeeded, "{\"a\":1}"), (trace.StepCount, trace.State, trace.Outputs));
    }

    [Fact]
    public async Task A_run_that_goes_on_after_a_pause_is_watched_in_its_next_life_without_what_was_seen()
    {
        await using var fixture = new PieceFixture();
        var time = new FakeTimeProvider();
        var run = new WorkflowRun { InvokeFrom = "debugger", UserId = "u", Status = RunStatus.Paused, PauseReasons = """[{"node_id":"h","form_token":"t"}]""" };
        var trace = new RunTrace { RunId = run.Id };
        var passes = Channel.CreateUnbounded<int>();
        var reads = Channel.CreateUnbounded<int>();
        var (pass, read) = (0, 0);
        using var watch = new RunWatch(trace, new LiveAnswer(fixture.Markdown, time), (_, _) => Events(), _ => Read(), null, time);
        watch.Start();
        Assert.Equal(1, await passes.Reader.ReadAsync(Cancel));
        await reads.Reader.ReadAsync(Cancel);
        Assert.Equal(["t"], trace.FormTokens);

        run.Status = RunStatus.Running;
        run.Life = 2;
        while (!watch.Completion.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await watch.Completion;
        watch.Text.Render();
        Assert.Equal((StepState.Succeeded, 3), (trace.State, pass));
        Assert.Contains("ab", watch.Text.Tail, StringComparison.Ordinal);
        Assert.Empty(trace.FormTokens);

        async IAsyncEnumerable<RunEvent> Events()
        {
            await passes.Writer.WriteAsync(++pass, Cancel);
            yield return new RunEvent(1, "workflow_started", $$$"""{"data":{"reason":"{{{(pass < 3 ? "initial" : "resumption")}}}"}}""");
            yield return new RunEvent(2, "text_chunk", $$$"""{"data":{"text":"{{{(pass < 3 ? "a" : "b")}}}"}}""");
            run.Status = pass == 3 ? RunStatus.Succeeded : run.Status;
        }

        async Task<WorkflowRun?> Read()
        {
            await reads.Writer.WriteAsync(++read, Cancel);
            return run;
        }
    }

    [Fact]
    public async Task Leaving_ends_the_watching_without_a_fault()
    {
        await using var fixture = new PieceFixture();
        var time = new FakeTimeProvider();
        var trace = new RunTrace { RunId = Guid.CreateVersion7() };
        var watch = new RunWatch(trace, new LiveAnswer(fixture.Markdown, time), (_, token) => Never(token), _ => Task.FromResult<WorkflowRun?>(null), null, time);
        watch.Start();
        watch.Dispose();
        await watch.Completion.WaitAsync(Cancel);
        Assert.Equal(StepState.Running, trace.State);

        static async IAsyncEnumerable<RunEvent> Never([EnumeratorCancellation] CancellationToken token)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            yield break;
        }
    }
}
