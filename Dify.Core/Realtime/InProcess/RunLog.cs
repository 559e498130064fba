namespace Dify.Core.Realtime.InProcess;

/// <summary>
/// The events of one run: an array that only grows, read by index without a lock, and one signal that is made only
/// when a watcher really waits.
/// </summary>
internal sealed class RunLog
{
    private readonly Lock _lock = new();
    private RunEvent[] _events = new RunEvent[16];
    private TaskCompletionSource? _changed;
    private volatile int _count;
    private volatile bool _completed;

    /// <summary>Read before <see cref="Count"/>: a completed log gets no more events.</summary>
    public bool IsCompleted => _completed;

    public int Count => _count;

    public long Characters { get; private set; }

    /// <summary>Valid below <see cref="Count"/>.</summary>
    public RunEvent this[int index] => Volatile.Read(ref _events)[index];

    public void Append(string name, string json)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            if (_completed)
            {
                return;
            }

            var count = _count;
            if (count == _events.Length)
            {
                var larger = new RunEvent[count * 2];
                _events.CopyTo(larger, 0);
                Volatile.Write(ref _events, larger);
            }

            _events[count] = new RunEvent(count + 1, name, json);
            Characters += name.Length + json.Length;
            _count = count + 1;
            (changed, _changed) = (_changed, null);
        }

        changed?.TrySetResult();
    }

    /// <returns>False when it was completed before.</returns>
    public bool Complete()
    {
        lock (_lock)
        {
            if (_completed)
            {
                return false;
            }

            _completed = true;
        }

        Wake();
        return true;
    }

    public void Wake()
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            (changed, _changed) = (_changed, null);
        }

        changed?.TrySetResult();
    }

    /// <summary>Ends when there are more events than <paramref name="seen"/>, at the end of the run, or on a wake-up.</summary>
    public Task WaitBeyond(int seen, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_count > seen || _completed || cancellationToken.IsCancellationRequested)
            {
                return Task.CompletedTask;
            }

            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }
}
