using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Dify.Core.Realtime;

namespace Dify.Web.Endpoints;

/// <summary>
/// Dify's stream: <c>data: {json}</c> and a blank line for each event, and a bare <c>event: ping</c> while nothing
/// happens. Events that are ready together leave together.
/// </summary>
internal static class ServerSentEvents
{
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(10);

    /// <summary>Writes until the events end or the client is gone; the latter is no error and ends only the watching.</summary>
    public static async Task WriteAsync(
        HttpContext http, Func<CancellationToken, IAsyncEnumerable<RunEvent>> events)
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        using var turn = new SemaphoreSlim(1, 1);
        var writer = http.Response.BodyWriter;
        var pinging = PingAsync(
            writer, turn, http.RequestServices.GetRequiredService<TimeProvider>(), watching);
        try
        {
            await CopyAsync(writer, turn, events(watching.Token), watching.Token);
        }
        catch (OperationCanceledException) when (watching.IsCancellationRequested)
        {
            // The client has left; the run goes on.
        }
        catch (IOException)
        {
            // The same, noticed while writing.
        }
        finally
        {
            await watching.CancelAsync();
            await pinging;
        }
    }

    private static async Task CopyAsync(
        PipeWriter writer, SemaphoreSlim turn, IAsyncEnumerable<RunEvent> events, CancellationToken watching)
    {
        await using var reader = events.GetAsyncEnumerator(watching);

        // The headers leave at once, however long the first event takes.
        var unflushed = true;
        while (true)
        {
            var next = reader.MoveNextAsync();
            if (!next.IsCompleted && unflushed)
            {
                await FlushAsync(writer, turn, watching);
                unflushed = false;
            }

            if (!await next)
            {
                break;
            }

            await turn.WaitAsync(watching);
            try
            {
                Write(writer, reader.Current.Json);
                unflushed = true;
            }
            finally
            {
                turn.Release();
            }
        }

        await FlushAsync(writer, turn, watching);
    }

    private static void Write(PipeWriter writer, string json)
    {
        var span = writer.GetSpan(Encoding.UTF8.GetMaxByteCount(json.Length) + 8);
        "data: "u8.CopyTo(span);
        var length = 6 + Encoding.UTF8.GetBytes(json, span[6..]);
        span[length] = span[length + 1] = (byte)'\n';
        writer.Advance(length + 2);
    }

    private static async Task FlushAsync(PipeWriter writer, SemaphoreSlim turn, CancellationToken watching)
    {
        await turn.WaitAsync(watching);
        try
        {
            await writer.FlushAsync(watching);
        }
        finally
        {
            turn.Release();
        }
    }

    private static async Task PingAsync(
        PipeWriter writer, SemaphoreSlim turn, TimeProvider time, CancellationTokenSource watching)
    {
        using var timer = new PeriodicTimer(PingEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(watching.Token))
            {
                await turn.WaitAsync(watching.Token);
                try
                {
                    writer.Write("event: ping\n\n"u8);
                    await writer.FlushAsync(watching.Token);
                }
                finally
                {
                    turn.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The stream has ended.
        }
        catch (IOException)
        {
            await watching.CancelAsync();
        }
    }
}
