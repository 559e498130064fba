using System.Data.Common;
using Dify.Core.Common;

namespace Dify.Core.Jobs;

/// <summary>Which failures of a job are worth another try, and when.</summary>
public static class RetryPolicy
{
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(2)];

    /// <summary>The wait before the next try, or null when the failure is final.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="failures">Failures so far, this one included.</param>
    public static TimeSpan? NextWait(Exception failure, int failures)
    {
        if (!IsTransient(failure) || failures > Waits.Length)
        {
            return null;
        }

        var wait = Waits[Math.Max(0, failures - 1)];
        return failure is DifyException { RetryAfterSeconds: > 0 and <= 3600 and var seconds }
            ? TimeSpan.FromSeconds(Math.Max(seconds, wait.TotalSeconds))
            : wait;
    }

    /// <summary>Rate limits, 5xx and time-outs of a provider, and hiccups of network, disk or database.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        _ when StorageFull.Is(failure) => true,
        DifyException known => known.IsTransient || known.Status is 429 or >= 500,
        TimeoutException or OperationCanceledException => true,
        DbException { IsTransient: true } => true,
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 5 or 6 } => true,
        HttpRequestException { StatusCode: null or System.Net.HttpStatusCode.TooManyRequests or >= System.Net.HttpStatusCode.InternalServerError } => true,
        _ => false,
    };
}
