namespace Dify.Core.Realtime;

/// <summary>A run's ear for stop signals.</summary>
public sealed class StopRegistration(Action release, CancellationToken token) : IDisposable
{
    public CancellationToken Token { get; } = token;

    public void Dispose() => release();
}
