namespace Dify.Core.Models.Calls;

/// <summary>A token that ends with the caller's, or when a wait for the provider takes too long.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly CancellationToken _callerToken;

    public Patience(TimeProvider time, CancellationToken callerToken)
    {
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _callerToken = callerToken;
        _caller = callerToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether it was the wait that ended, not the caller.</summary>
    public bool IsExhausted => _source.IsCancellationRequested && !_callerToken.IsCancellationRequested;

    public void WaitAtMost(TimeSpan wait) => _source.CancelAfter(wait);

    public void Rest() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }
}
