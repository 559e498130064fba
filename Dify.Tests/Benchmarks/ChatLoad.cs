using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Dify.Tests.Benchmarks;

/// <summary>A closed loop of callers of <c>POST /v1/chat-messages</c>, each with a new person for every message.</summary>
internal sealed class ChatLoad(Uri address, string token)
{
    private const string MessageEvent = "\"event\":\"message\"";
    private const string EndEvent = "\"event\":\"message_end\"";

    private int _sent;

    /// <summary>Blocking calls until the time is over.</summary>
    /// <returns>Milliseconds of each call.</returns>
    public async Task<IReadOnlyList<double>> CallAsync(int callers, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var client = Client();
        var start = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(
            async () =>
            {
                var times = new List<double>();
                while (Stopwatch.GetElapsedTime(start) < duration)
                {
                    var begin = Stopwatch.GetTimestamp();
                    using var answer = await client.SendAsync(Request("blocking"), cancellationToken);
                    var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                    if (!answer.IsSuccessStatusCode || !text.Contains("word49", StringComparison.Ordinal))
                    {
                        throw new InvalidOperationException($"The program answered {(int)answer.StatusCode}: {text}");
                    }

                    times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }

                return times;
            },
            cancellationToken)));
        return [.. all.SelectMany(times => times)];
    }

    /// <summary>Streams side by side, <paramref name="rounds"/> after each other.</summary>
    public async Task<IReadOnlyList<StreamTimes>> StreamAsync(int streams, int rounds, CancellationToken cancellationToken)
    {
        using var client = Client();
        var all = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(
            async () =>
            {
                var read = new List<StreamTimes>();
                for (var i = 0; i < rounds; i++)
                {
                    read.Add(await ReadStreamAsync(client, cancellationToken));
                }

                return read;
            },
            cancellationToken)));
        return [.. all.SelectMany(read => read)];
    }

    private async Task<StreamTimes> ReadStreamAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        using var answer = await client.SendAsync(
            Request("streaming"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(stream);
        var (tokens, ended) = (0, false);
        double first = 0, last = 0, gap = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains(MessageEvent, StringComparison.Ordinal))
            {
                var now = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
                (first, gap) = tokens++ == 0 ? (now, 0) : (first, Math.Max(gap, now - last));
                last = now;
            }

            ended |= line.Contains(EndEvent, StringComparison.Ordinal);
        }

        return new StreamTimes(first, gap, tokens, ended);
    }

    private HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private HttpRequestMessage Request(string mode)
    {
        var number = Interlocked.Increment(ref _sent);
        return new HttpRequestMessage(HttpMethod.Post, "/v1/chat-messages")
        {
            Content = new StringContent(
                $"{{\"query\":\"hello {number}\",\"inputs\":{{}},\"response_mode\":\"{mode}\",\"user\":\"u{number}\"}}",
                Encoding.UTF8, "application/json"),
        };
    }
}

/// <summary>One stream: milliseconds to the first token, the longest gap, how many tokens came, and whether it ended.</summary>
internal sealed record StreamTimes(double First, double LongestGap, int Tokens, bool Ended);
