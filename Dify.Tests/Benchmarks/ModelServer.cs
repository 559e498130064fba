using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Dify.Tests.Benchmarks;

/// <summary>
/// A model on OpenAI's wire that costs next to nothing: answers are made once. A model's name tells its pace:
/// <c>at-once</c>, or <c>paced</c> with a token every 20 ms.
/// </summary>
internal sealed class ModelServer : IAsyncDisposable
{
    public const int Tokens = 50;
    public const string AtOnce = "at-once";
    public const string Paced = "paced";
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private static readonly byte[][] Pieces =
        [.. Enumerable.Range(0, Tokens).Select(i => Encoding.UTF8.GetBytes(Chunk($"{{\"content\":\"word{i} \"}}", "null")))];

    private static readonly byte[] End = Encoding.UTF8.GetBytes(
        Chunk("{}", "\"stop\"")
        + "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],"
        + "\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":50,\"total_tokens\":70}}\n\ndata: [DONE]\n\n");

    private static readonly byte[] Whole = [.. Pieces.SelectMany(piece => piece), .. End];

    private static readonly byte[] Blocking = Encoding.UTF8.GetBytes(
        "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
        + "\"message\":{\"role\":\"assistant\",\"content\":\"" + string.Concat(Enumerable.Range(0, Tokens).Select(i => $"word{i} "))
        + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":50,\"total_tokens\":70}}");

    private readonly WebApplication _app;

    private ModelServer(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.First() + "/v1";

    public static async Task<ModelServer> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(cancellationToken);
        return new ModelServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var response = http.Response;
        if (HttpMethods.IsGet(http.Request.Method))
        {
            response.ContentType = "application/json";
            await response.WriteAsync("{\"object\":\"list\",\"data\":[{\"id\":\"at-once\",\"object\":\"model\"}]}");
            return;
        }

        var body = await ReadAsync(http.Request);
        if (!body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            response.ContentType = "application/json";
            await response.Body.WriteAsync(Blocking, http.RequestAborted);
            return;
        }

        response.ContentType = "text/event-stream";
        if (!body.Contains($"\"{Paced}\"", StringComparison.Ordinal))
        {
            await response.Body.WriteAsync(Whole, http.RequestAborted);
            return;
        }

        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Tokens; i++)
        {
            var due = (i * Pace) - TimeProvider.System.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, http.RequestAborted);
            }

            await response.Body.WriteAsync(Pieces[i], http.RequestAborted);
            await response.Body.FlushAsync(http.RequestAborted);
        }

        await response.Body.WriteAsync(End, http.RequestAborted);
    }

    private static async Task<string> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        return await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
    }

    private static string Chunk(string delta, string finish) =>
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
        + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
}
