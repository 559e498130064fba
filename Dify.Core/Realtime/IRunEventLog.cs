namespace Dify.Core.Realtime;

/// <summary>
/// The live events of runs. Written by the run, read by any number of watchers; a slow or absent watcher never holds
/// the run. Events of a finished run stay for some minutes; after that the store tells the outcome.
/// </summary>
public interface IRunEventLog
{
    /// <summary>
    /// Opens the log of a run before its first event, so that watchers do not miss it. An open log stays as it is; one
    /// that has ended begins anew, as of a run that goes on after a pause.
    /// </summary>
    ValueTask OpenAsync(Guid runId, CancellationToken cancellationToken = default);

    ValueTask AppendAsync(Guid runId, string name, string json, CancellationToken cancellationToken = default);

    /// <summary>Ends the log; watchers end after the last event.</summary>
    ValueTask CompleteAsync(Guid runId, CancellationToken cancellationToken = default);

    /// <summary>Whether the run is known here (open, or finished not long ago).</summary>
    ValueTask<bool> ExistsAsync(Guid runId, CancellationToken cancellationToken = default);

    /// <summary>All events after <paramref name="afterNumber"/>, then live ones until the run ends.</summary>
    /// <param name="cancellationToken">Ends the watching, never the run.</param>
    IAsyncEnumerable<RunEvent> WatchAsync(Guid runId, long afterNumber = 0, CancellationToken cancellationToken = default);
}
