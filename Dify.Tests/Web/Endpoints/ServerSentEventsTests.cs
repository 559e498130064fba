using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Dify.Core.Realtime;
using Dify.Web.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class ServerSentEventsTests
{
    [Fact]
    public async Task A_quiet_stream_is_kept_alive_every_ten_seconds_and_events_follow_as_data()
    {
        var stop = TestContext.Current.CancellationToken;
        var time = new FakeTimeProvider();
        var pipe = new Pipe();
        var http = new DefaultHttpContext
        {
            RequestServices = new ServiceCollection().AddSingleton<TimeProvider>(time).BuildServiceProvider(),
        };
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(pipe.Writer.AsStream()));
        var events = Channel.CreateUnbounded<RunEvent>();
        var writing = ServerSentEvents.WriteAsync(http, watching => Read(events, watching));

        time.Advance(TimeSpan.FromSeconds(9.9));
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("event: ping\n\n", await ReadAsync(pipe.Reader, "event: ping\n\n".Length, stop));
        await events.Writer.WriteAsync(new RunEvent(1, "message", "{\"answer\":\"é\"}"), stop);
        Assert.Equal("data: {\"answer\":\"é\"}\n\n", await ReadAsync(pipe.Reader, "data: {\"answer\":\"é\"}\n\n".Length + 1, stop));
        events.Writer.Complete();
        await writing.WaitAsync(stop);
        Assert.StartsWith("text/event-stream", http.Response.ContentType, StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<RunEvent> Read(
        Channel<RunEvent> events, [EnumeratorCancellation] CancellationToken watching)
    {
        await foreach (var happened in events.Reader.ReadAllAsync(watching))
        {
            yield return happened;
        }
    }

    private static async Task<string> ReadAsync(PipeReader reader, int bytes, CancellationToken stop)
    {
        var read = await reader.ReadAtLeastAsync(bytes, stop);
        var text = Encoding.UTF8.GetString(read.Buffer);
        reader.AdvanceTo(read.Buffer.End);
        return text;
    }
}
