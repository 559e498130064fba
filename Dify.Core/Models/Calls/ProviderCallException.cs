namespace Dify.Core.Models.Calls;

/// <summary>How a call to a provider failed, before it is told to anybody.</summary>
internal enum ProviderFailure
{
    /// <summary>An HTTP status that is no success.</summary>
    Status,
    Unreachable,
    Blocked,
    TimedOut,
    CutStream,
    Malformed,
}

/// <summary>A failed call in neutral form; <see cref="ProviderErrors"/> turns it into a message for a person.</summary>
internal sealed class ProviderCallException(ProviderFailure failure, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public ProviderFailure Failure { get; } = failure;

    /// <summary>HTTP status, or 0.</summary>
    public int Status { get; init; }

    public int? RetryAfterSeconds { get; init; }
}
