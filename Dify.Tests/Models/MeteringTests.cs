using Dify.Core.Models;
using Dify.Core.Models.Calls;
using Dify.Core.Models.Credentials;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Xunit;

namespace Dify.Tests.Models;

public sealed class MeteringTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Every_call_is_recorded_with_tokens_price_times_and_outcome(DatabaseKind kind)
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync(kind);
        var log = database.Get<ModelCallLog>();
        await log.StartAsync(Cancelled);
        var actor = new Actor(Guid.CreateVersion7(), Guid.CreateVersion7(), Role.Owner);
        await database.Get<ProviderService>().SaveAsync(
            actor, "openai", new Dictionary<string, string?> { ["base_url"] = fake.BaseUrl, ["api_key"] = "sk-any" }, Cancelled);
        var runtime = database.Get<ModelRuntime>();
        var model = await runtime.GetChatModelAsync(actor.WorkspaceId, new ModelReference("openai", "gpt-4o"), Cancelled);

        await model.Client.GetResponseAsync("Hi", cancellationToken: Cancelled);
        await model.Client.GetStreamingResponseAsync("Hi", cancellationToken: Cancelled).ToChatResponseAsync(Cancelled);
        fake.OnChat = _ => new FakeOpenAiReply("four words of answer") { WithUsage = false };
        await model.Client.GetStreamingResponseAsync("Hi there", cancellationToken: Cancelled).ToChatResponseAsync(Cancelled);
        await foreach (var _ in model.Client.GetStreamingResponseAsync("Hi", cancellationToken: Cancelled))
        {
            break;
        }

        fake.OnChat = _ => new FakeOpenAiReply("no") { Status = 401 };
        await Assert.ThrowsAsync<ModelCallException>(() => model.Client.GetResponseAsync("Hi", cancellationToken: Cancelled));
        var embedding = await runtime.GetEmbeddingModelAsync(actor.WorkspaceId, new ModelReference("openai", "text-embedding-3-small"), Cancelled);
        await embedding.Generator.GenerateAsync(["eight letters"], cancellationToken: Cancelled);
        await log.StopAsync(Cancelled);

        await using var db = await database.Contexts.CreateDbContextAsync(Cancelled);
        var calls = await db.ModelCalls.Where(c => c.WorkspaceId == actor.WorkspaceId).OrderBy(c => c.StartedAt).ToListAsync(Cancelled);
        Assert.Equal(6, calls.Count);
        Assert.All(calls, call => Assert.True(call.LatencyMs > 0 && call.Provider == "openai"));
        foreach (var call in calls.Take(2))
        {
            Assert.Equal((11, 7, ModelCallOutcome.Succeeded), (call.PromptTokens, call.CompletionTokens, call.Outcome));
            Assert.Equal((11 * 0.0000025m) + (7 * 0.00001m), call.Price);
        }

        Assert.Null(calls[0].FirstTokenMs);
        Assert.InRange(calls[1].FirstTokenMs!.Value, 0, calls[1].LatencyMs);
        Assert.Equal((2, 4), (calls[2].PromptTokens, calls[2].CompletionTokens));
        Assert.Equal(ModelCallOutcome.Stopped, calls[3].Outcome);
        Assert.Equal((ModelCallOutcome.Failed, "provider_not_initialize"), (calls[4].Outcome, calls[4].ErrorCode));
        Assert.Equal((ModelType.TextEmbedding, 3), (calls[5].Type, calls[5].PromptTokens));
    }

    [Fact]
    public async Task What_waits_is_written_when_the_program_stops()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = database.Get<ModelCallLog>();
        await log.StartAsync(Cancelled);
        for (var i = 0; i < 1000; i++)
        {
            log.Add(new ModelCall { Provider = "builtin", Model = "extractive", Currency = "USD" });
        }

        await log.StopAsync(Cancelled);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancelled);
        Assert.Equal(1000, await db.ModelCalls.CountAsync(Cancelled));
    }

    [Fact]
    public void Usage_carries_prices_and_estimates_what_is_missing()
    {
        var model = new ChatModel(
            new ModelDescriptor { Reference = new("x", "y"), Type = ModelType.Llm, Label = "y", InputPrice = 0.000002m, OutputPrice = 0.000008m }, null!);
        var usage = model.Measure(new UsageDetails { InputTokenCount = 1000, OutputTokenCount = 500 }, "", "", TimeSpan.FromSeconds(1.5));
        Assert.Equal((1000, 500, 1500), (usage.PromptTokens, usage.CompletionTokens, usage.TotalTokens));
        Assert.Equal((0.002m, 0.004m, 0.006m), (usage.PromptPrice, usage.CompletionPrice, usage.TotalPrice));
        Assert.Equal(usage.PromptPrice, usage.PromptTokens * usage.PromptUnitPrice * usage.PromptPriceUnit);
        Assert.Equal(1.5, usage.Latency);
        Assert.Equal((2, 1), (model.Measure(null, "Hello world", "Yes", TimeSpan.Zero) is var estimate ? (estimate.PromptTokens, estimate.CompletionTokens) : default));
    }

    [Fact]
    public void Tokens_are_counted_and_short_texts_fit_without_counting()
    {
        Assert.Equal(0, TokenCounter.Count(""));
        Assert.Equal(2, TokenCounter.Count("Hello world"));
        Assert.True(TokenCounter.Fits("Hello world", 2));
        Assert.False(TokenCounter.Fits("Hello world", 1));
        Assert.True(TokenCounter.Fits("你好", 6));
    }
}
