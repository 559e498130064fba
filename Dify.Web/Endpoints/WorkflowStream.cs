using System.Runtime.CompilerServices;
using Dify.Core.Realtime;

namespace Dify.Web.Endpoints;

/// <summary>Streams the events of a workflow run. When the program stops, the stream ends at once: the run goes on elsewhere.</summary>
internal static class WorkflowStream
{
    public static Task WriteAsync(HttpContext http, Func<CancellationToken, IAsyncEnumerable<RunEvent>> events)
    {
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        return ServerSentEvents.WriteAsync(http, watching => UntilAsync(events, stopping, watching));
    }

    private static async IAsyncEnumerable<RunEvent> UntilAsync(
        Func<CancellationToken, IAsyncEnumerable<RunEvent>> events, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken watching)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(watching, stopping);
        await using var reader = events(either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync(reader, stopping))
        {
            yield return reader.Current;
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<RunEvent> reader, CancellationToken stopping)
    {
        try
        {
            return await reader.MoveNextAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
