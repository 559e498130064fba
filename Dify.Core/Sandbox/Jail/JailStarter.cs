using System.Collections.Concurrent;
using System.Diagnostics;

namespace Dify.Core.Sandbox.Jail;

/// <summary>
/// Starts jails on one thread that lives as long as the program. The kernel ends a jail when the thread that started it
/// ends (<c>--die-with-parent</c>), and threads of the pool come and go.
/// </summary>
internal sealed class JailStarter : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Done)> _waiting = [];
    private readonly Lock _lock = new();
    private Thread? _thread;

    public Task<Process> StartAsync(ProcessStartInfo start)
    {
        lock (_lock)
        {
            if (_thread is null)
            {
                _thread = new Thread(Work) { IsBackground = true, Name = "Jails" };
                _thread.Start();
            }
        }

        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((start, done));
        return done.Task;
    }

    public void Dispose() => _waiting.CompleteAdding();

    private void Work()
    {
        foreach (var (start, done) in _waiting.GetConsumingEnumerable())
        {
            try
            {
                done.SetResult(Process.Start(start)!);
            }
            catch (Exception failure)
            {
                // Catches all: run root. The caller gets it; the thread serves the next.
                done.SetException(failure);
            }
        }
    }
}
