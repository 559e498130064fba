using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Runs;
using Dify.Web.Components.Pages.Chat;

namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>
/// Follows one run until it has ended, from whatever event it is joined at. It never holds the run: disposing it ends
/// the watching only.
/// </summary>
/// <param name="trace">Filled as events come; read it after <see cref="Changed"/>.</param>
/// <param name="text">What the run has said so far.</param>
/// <param name="events">The events after a number.</param>
/// <param name="read">The stored run; null when there is none (any more).</param>
/// <param name="nodes">Its stored steps, for those who may see them: read when it has ended, since events may have been missed.</param>
public sealed class RunWatch(
    RunTrace trace, LiveAnswer text, Func<long, CancellationToken, IAsyncEnumerable<RunEvent>> events,
    Func<CancellationToken, Task<WorkflowRun?>> read, Func<CancellationToken, Task<IReadOnlyList<NodeExecution>>>? nodes, TimeProvider time) : IDisposable
{
    /// <summary>Between two renderings.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _watching = new();
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long? _shownAt;
    private int _lives;
    private bool _waiting;
    private bool _disposed;

    /// <summary>There is something new to show, at most ten times a second; may be raised on any thread.</summary>
    public event Action? Changed;

    public RunTrace Trace => trace;

    public LiveAnswer Text => text;

    /// <summary>Ends with the run; faults when the store does.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public void Start() => Completion = FollowAsync(_watching.Token);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _timer?.Dispose();
        }

        _watching.Cancel();
        _watching.Dispose();
        text.Dispose();
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (seen, pausedLife) = (0L, 0);
            for (var pause = TimeSpan.FromSeconds(0.25); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                if (pausedLife == 0)
                {
                    seen = await TakeAllAsync(seen, cancellationToken);
                }

                var run = await read(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                if (run is null || StepStates.Of(run.Status).IsEnd())
                {
                    var stored = run is null || nodes is null ? null : await nodes(cancellationToken);
                    End(run, stored);
                    return;
                }

                // It is paused, another process goes on with it, or its end is not stored yet.
                if (run.Status == RunStatus.Paused)
                {
                    pausedLife = run.Life;
                    Update(() => trace.Take(run));
                }
                else if (pausedLife > 0 && run.Life > pausedLife)
                {
                    // Each life has a log of its own, from 1.
                    (pausedLife, seen, pause) = (0, 0, TimeSpan.FromSeconds(0.1));
                    Update(() => trace.State = StepState.Running);
                }

                await Task.Delay(pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Somebody looks at something else now; the run goes on.
        }
    }

    /// <returns>The number of the last event.</returns>
    private async Task<long> TakeAllAsync(long after, CancellationToken cancellationToken)
    {
        var (seen, isOld) = (after, false);
        await foreach (var happened in events(after, cancellationToken))
        {
            // The log of a life that was seen already, because that of the next is not open yet.
            isOld = isOld || (_lives > 0 && seen == 0 && happened.Json.Contains("\"reason\":\"initial\"", StringComparison.Ordinal));
            seen = happened.Number;
            if (!isOld)
            {
                Take(happened);
            }
        }

        _lives++;
        return isOld ? 0 : seen;
    }

    private void Take(RunEvent happened) => Update(() =>
    {
        if (trace.Apply(happened) is { Length: > 0 } piece)
        {
            text.Append(piece);
        }
    });

    private void End(WorkflowRun? run, IReadOnlyList<NodeExecution>? stored) => Update(() =>
    {
        if (run is not null && stored is not null)
        {
            trace.Replace(run, stored);
        }
        else if (run is not null)
        {
            trace.Take(run);
        }
        else if (!trace.State.IsEnd())
        {
            trace.State = StepState.Stopped;
        }
    });

    private void Update(Action change)
    {
        lock (_lock)
        {
            change();
            Schedule();
        }
    }

    private void Schedule()
    {
        if (_waiting || _disposed)
        {
            return;
        }

        _waiting = true;
        _timer ??= time.CreateTimer(_ => Show(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var wait = _shownAt is { } shown ? Step - time.GetElapsedTime(shown) : TimeSpan.Zero;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Show()
    {
        lock (_lock)
        {
            _waiting = false;
            _shownAt = time.GetTimestamp();
            if (!_disposed && trace.State is StepState.Running)
            {
                // Nothing may happen for long, yet time goes on.
                _timer!.Change(Tick, Timeout.InfiniteTimeSpan);
            }
        }

        Changed?.Invoke();
    }
}
