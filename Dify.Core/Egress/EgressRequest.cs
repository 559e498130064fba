namespace Dify.Core.Egress;

/// <summary>What a single request through a guarded client asks for, set by code and never by a user.</summary>
public static class EgressRequest
{
    internal static readonly HttpRequestOptionsKey<long> MaxBytes = new("dify.egress.max_bytes");
    internal static readonly HttpRequestOptionsKey<TimeSpan> ConnectLimit = new("dify.egress.connect_limit");

    /// <summary>Takes an answer of this size at most, instead of the size for all.</summary>
    public static HttpRequestMessage WithMaxBytes(this HttpRequestMessage request, long bytes)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(MaxBytes, bytes);
        return request;
    }

    /// <summary>Gives up when no connection stands after this time; longer than the time for all has no effect.</summary>
    public static HttpRequestMessage WithConnectLimit(this HttpRequestMessage request, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(ConnectLimit, limit);
        return request;
    }
}
