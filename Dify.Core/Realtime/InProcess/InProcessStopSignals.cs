using System.Collections.Concurrent;

namespace Dify.Core.Realtime.InProcess;

internal sealed class InProcessStopSignals : IStopSignals
{
    // The sources have neither timer nor wait handle, so leaving them to the collector is safe and spares a race
    // between a late stop and the end of the run.
    private readonly ConcurrentDictionary<Guid, CancellationTokenSource> _running = new();

    public StopRegistration Register(Guid runId)
    {
        var source = _running.GetOrAdd(runId, static _ => new CancellationTokenSource());
        return new StopRegistration(() => _running.TryRemove(runId, out _), source.Token);
    }

    public async ValueTask StopAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        if (_running.TryGetValue(runId, out var source))
        {
            await source.CancelAsync();
        }
    }
}
