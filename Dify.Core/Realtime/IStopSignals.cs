namespace Dify.Core.Realtime;

/// <summary>Carries "stop this run" to the process that runs it.</summary>
public interface IStopSignals
{
    /// <summary>A token that is cancelled when the run is told to stop; dispose the registration when it has ended.</summary>
    StopRegistration Register(Guid runId);

    /// <summary>Asks the run to stop; no error when it has ended or never was.</summary>
    ValueTask StopAsync(Guid runId, CancellationToken cancellationToken = default);
}
