using Dify.Core.Models;
using Dify.Core.Models.Calls;
using Dify.Core.Models.Credentials;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.Extensions.AI;
using Xunit;

namespace Dify.Tests.Models;

/// <summary>What people see when a provider fails, for each vendor's client, blocking and streamed.</summary>
public sealed class ProviderErrorTests
{
    private const string Key = "sk-canary-0123456789abcdef";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, string, string, string, string> Statuses { get; } = Build();

    private static TheoryData<string, int, string, string, string, string> Build()
    {
        var rows = new TheoryData<string, int, string, string, string, string>();
        foreach (var provider in new[] { "openai-compatible", "openai" })
        {
            rows.Add(provider, 401, "Incorrect API key provided: " + Key, "provider_not_initialize", "InvokeAuthorizationError", "refused the credentials (401)");
            rows.Add(provider, 403, "no", "provider_not_initialize", "InvokeAuthorizationError", "refused the credentials (403)");
            rows.Add(provider, 402, "no", "provider_quota_exceeded", "QuotaExceededError", "no credit");
            rows.Add(provider, 404, "The model does not exist", "model_currently_not_support", "InvokeBadRequestError", "'some-model'");
            rows.Add(provider, 429, "Slow down", "completion_request_error", "InvokeRateLimitError", "in 7 seconds");
            rows.Add(provider, 429, "You exceeded your current quota", "provider_quota_exceeded", "QuotaExceededError", "quota");
            rows.Add(provider, 400, $"bad {Key} value\u0000", "completion_request_error", "InvokeBadRequestError", "bad *** value");
            rows.Add(provider, 500, "stack trace", "completion_request_error", "InvokeServerUnavailableError", "(500)");
            rows.Add(provider, 503, "busy", "completion_request_error", "InvokeServerUnavailableError", "(503)");
            rows.Add(provider, 529, "overloaded", "completion_request_error", "InvokeServerUnavailableError", "(529)");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_status_becomes_a_coded_error_without_the_key(string provider, int status, string words, string code, string errorType, string message)
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        var model = await SetUpAsync(database, fake, provider);
        fake.OnChat = _ => new FakeOpenAiReply(words) { Status = status, RetryAfterSeconds = status == 429 ? 7 : null };

        foreach (var failure in new[]
        {
            await Assert.ThrowsAsync<ModelCallException>(() => model.Client.GetResponseAsync("Hi", cancellationToken: Cancelled)),
            await Assert.ThrowsAsync<ModelCallException>(() => ReadAsync(model)),
        })
        {
            Assert.Equal((code, errorType, 400), (failure.Code, failure.ErrorType, failure.Status));
            Assert.Contains(message, failure.Message);
            Assert.DoesNotContain("canary", failure.Message);
            Assert.DoesNotContain(failure.Message, char.IsControl);
            Assert.Equal(status == 429 ? 7 : null, failure.RetryAfterSeconds);
        }
    }

    [Theory]
    [InlineData("openai-compatible")]
    [InlineData("openai")]
    public async Task A_stream_that_is_cut_fails_after_the_pieces_that_came(string provider)
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        var model = await SetUpAsync(database, fake, provider);
        fake.OnChat = _ => new FakeOpenAiReply("one two three four") { CutAfterPieces = 2 };

        var pieces = new List<string>();
        var failure = await Assert.ThrowsAsync<ModelCallException>(async () =>
        {
            await foreach (var update in model.Client.GetStreamingResponseAsync("Hi", cancellationToken: Cancelled))
            {
                pieces.Add(update.Text);
            }
        });
        Assert.Equal("one two", string.Concat(pieces));
        Assert.Equal(("completion_request_error", "InvokeConnectionError"), (failure.Code, failure.ErrorType));
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n", "broke before")]
    [InlineData("data: {\"choices\":[{\"del\n\n", "cannot be read")]
    [InlineData("data: not json\n\n", "cannot be read")]
    [InlineData("data: {\"error\":{\"message\":\"overloaded\",\"code\":503}}\n\n", "(503)")]
    [InlineData("<html>hello</html>", "broke before")]
    [InlineData("", "broke before")]
    public async Task A_stream_that_is_no_stream_fails_in_words(string body, string message)
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        var model = await SetUpAsync(database, fake, "openai-compatible");
        fake.OnChat = _ => new FakeOpenAiReply("") { RawBody = body };
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => ReadAsync(model));
        Assert.Equal("completion_request_error", failure.Code);
        Assert.Contains(message, failure.Message);
    }

    [Theory]
    [InlineData("openai-compatible", "<html>hello</html>")]
    [InlineData("openai-compatible", "{}")]
    [InlineData("openai-compatible", "[]")]
    [InlineData("openai", "<html>hello</html>")]
    [InlineData("openai", "{}")]
    public async Task An_answer_that_is_no_answer_fails_in_words(string provider, string body)
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        var model = await SetUpAsync(database, fake, provider);
        fake.OnChat = _ => new FakeOpenAiReply("") { RawBody = body };
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => model.Client.GetResponseAsync("Hi", cancellationToken: Cancelled));
        Assert.Equal("completion_request_error", failure.Code);
        Assert.Contains("cannot be read", failure.Message);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_as_such()
    {
        string address;
        await using var database = await TestDatabase.CreateAsync();
        ChatModel model;
        await using (var fake = await FakeOpenAiServer.StartAsync())
        {
            address = fake.BaseUrl;
            model = await SetUpAsync(database, fake, "openai-compatible");
        }

        var failure = await Assert.ThrowsAsync<ModelCallException>(() => ReadAsync(model));
        Assert.Equal(("completion_request_error", "InvokeConnectionError"), (failure.Code, failure.ErrorType));
        Assert.Contains("cannot be reached", failure.Message);
        Assert.DoesNotContain(address, failure.Message);
    }

    [Fact]
    public async Task Silence_before_and_within_an_answer_ends_it_and_stopping_is_no_error()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync(settings: new Dictionary<string, string?>
        {
            ["Models:FirstByteSeconds"] = "1", ["Models:IdleSeconds"] = "1", ["Models:AnswerSeconds"] = "1",
        });
        var model = await SetUpAsync(database, fake, "openai-compatible");
        var never = new TaskCompletionSource();

        fake.OnChat = _ => new FakeOpenAiReply("one two") { Hold = never.Task };
        Assert.Contains("in time", (await Assert.ThrowsAsync<ModelCallException>(() => ReadAsync(model))).Message);
        Assert.Contains("in time", (await Assert.ThrowsAsync<ModelCallException>(() => model.Client.GetResponseAsync("Hi", cancellationToken: Cancelled))).Message);

        fake.OnChat = _ => new FakeOpenAiReply("one two") { HoldAfterFirstPiece = never.Task };
        Assert.Contains("in time", (await Assert.ThrowsAsync<ModelCallException>(() => ReadAsync(model))).Message);

        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in model.Client.GetStreamingResponseAsync("Hi", cancellationToken: stop.Token))
            {
                await stop.CancelAsync();
            }
        });
    }

    private static async Task<ChatModel> SetUpAsync(TestDatabase database, FakeOpenAiServer fake, string provider)
    {
        var actor = new Actor(Guid.CreateVersion7(), Guid.CreateVersion7(), Role.Owner);
        await database.Get<ProviderService>().SaveAsync(
            actor, provider, new Dictionary<string, string?> { ["base_url"] = fake.BaseUrl, ["api_key"] = Key }, Cancelled);
        return await database.Get<ModelRuntime>().GetChatModelAsync(actor.WorkspaceId, new ModelReference(provider, "some-model"), Cancelled);
    }

    private static async Task<string> ReadAsync(ChatModel model) =>
        (await model.Client.GetStreamingResponseAsync("Hi", cancellationToken: Cancelled).ToChatResponseAsync(Cancelled)).Text;
}
