using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Models.Calls;
using Dify.Core.Models.Credentials;
using Dify.Core.Models.Providers.Builtin;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Models;

public sealed class RerankTests
{
    private const string Key = "sk-canary-0123456789abcdef";

    private static readonly string[] Texts = ["one", "two", "three"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"results":[{"index":2,"relevance_score":0.9},{"index":0,"relevance_score":0.4}]}""", "2:0.9 0:0.4")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.4},{"index":1,"relevance_score":0},{"index":2,"relevance_score":0.9,"document":{"text":"x"}}],"meta":null}""", "2:0.9 0:0.4")]
    [InlineData("""{"results":[{"index":1,"relevance_score":-2},{"index":0,"relevance_score":0},{"index":2,"relevance_score":4}]}""", "2:0.982 0:0.5")]
    public async Task Answers_of_all_kinds_of_servers_become_the_best_texts_with_scores_of_0_to_1(string body, string expected)
    {
        await using var bench = await Bench.StartAsync();
        bench.Fake.OnRerank = _ => new FakeOpenAiReply("") { RawBody = body };

        var ranking = await bench.RankAsync(2);

        Assert.Equal(expected, string.Join(' ', ranking.Texts.Select(text => FormattableString.Invariant($"{text.Index}:{Math.Round(text.Score, 3)}"))));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("<html>hello</html>")]
    [InlineData("""{"results":null}""")]
    [InlineData("""{"results":[]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":0,"relevance_score":0.4}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":3,"relevance_score":0.4}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":-1,"relevance_score":0.4}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":1.5,"relevance_score":0.4}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":"1","relevance_score":0.4}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"relevance_score":0.4}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":1}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":1,"relevance_score":NaN}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":1,"relevance_score":"NaN"}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":1,"relevance_score":1e999}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":1,"relevance_score":null}]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},null]}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},7]}""")]
    [InlineData("""{"results":{"0":0.5}}""")]
    [InlineData("""{"results":[{"index":0,"relevance_score":0.5},{"index":1,"relevance_score":0.5},{"index":2,"relevance_score":0.5},{"index":0,"relevance_score":0.5}]}""")]
    public async Task An_answer_that_ranks_something_else_fails_in_words(string body)
    {
        await using var bench = await Bench.StartAsync();
        bench.Fake.OnRerank = _ => new FakeOpenAiReply("") { RawBody = body };

        var failure = await Assert.ThrowsAsync<ModelCallException>(() => bench.RankAsync(2));

        Assert.Equal(("completion_request_error", "InvokeServerUnavailableError"), (failure.Code, failure.ErrorType));
        Assert.Contains("cannot be read", failure.Message);
    }

    [Theory]
    [InlineData(401, "provider_not_initialize", "refused the credentials (401)")]
    [InlineData(402, "provider_quota_exceeded", "no credit")]
    [InlineData(404, "model_currently_not_support", "'some-reranker'")]
    [InlineData(429, "completion_request_error", "no more requests")]
    [InlineData(422, "completion_request_error", "bad *** value")]
    [InlineData(503, "completion_request_error", "(503)")]
    public async Task A_status_becomes_a_coded_error_without_the_key(int status, string code, string message)
    {
        await using var bench = await Bench.StartAsync();
        bench.Fake.OnRerank = _ => new FakeOpenAiReply($"bad {Key} value") { Status = status };

        var failure = await Assert.ThrowsAsync<ModelCallException>(() => bench.RankAsync(2));

        Assert.Equal((code, 400), (failure.Code, failure.Status));
        Assert.Contains(message, failure.Message);
        Assert.DoesNotContain("canary", failure.Message);
    }

    [Fact]
    public async Task Silence_ends_the_call_and_stopping_is_no_error()
    {
        await using var bench = await Bench.StartAsync(new Dictionary<string, string?> { ["Models:AnswerSeconds"] = "1" });
        var never = new TaskCompletionSource();
        bench.Fake.OnRerank = _ => new FakeOpenAiReply("") { Hold = never.Task };
        Assert.Contains("in time", (await Assert.ThrowsAsync<ModelCallException>(() => bench.RankAsync(2))).Message);

        using var stop = new CancellationTokenSource();
        var model = await bench.ModelAsync();
        var call = model.Reranker.RankAsync("q", Texts, 2, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Calls_are_recorded_with_tokens_and_outcome()
    {
        await using var bench = await Bench.StartAsync();
        var log = bench.Database.Get<ModelCallLog>();
        await log.StartAsync(Cancelled);
        await bench.RankAsync(5);
        bench.Fake.OnRerank = _ => new FakeOpenAiReply("no") { Status = 500 };
        await Assert.ThrowsAsync<ModelCallException>(() => bench.RankAsync(2));
        await log.StopAsync(Cancelled);

        await using var db = await bench.Database.Contexts.CreateDbContextAsync(Cancelled);
        var calls = await db.ModelCalls.OrderBy(call => call.StartedAt).ToListAsync(Cancelled);
        Assert.Equal(
            [(ModelType.Rerank, "some-reranker", 42, ModelCallOutcome.Succeeded), (ModelType.Rerank, "some-reranker", 0, ModelCallOutcome.Failed)],
            calls.Select(call => (call.Type, call.Model, call.PromptTokens, call.Outcome)));
        var asked = bench.Fake.Requests.Last(request => request.Path.EndsWith("/rerank", StringComparison.Ordinal));
        Assert.Equal("Bearer " + Key, asked.Headers["Authorization"]);
        Assert.Equal(["model", "query", "documents", "top_n"], asked.Body!.Select(part => part.Key));
        Assert.Equal(3, (int)bench.Fake.Reranks[0]["top_n"]!);
    }

    [Fact]
    public async Task Models_are_listed_and_chosen_as_what_their_names_say()
    {
        await using var bench = await Bench.StartAsync(models: ["qwen", "bge-m3", "BAAI/bge-reranker-v2-m3"]);
        var (catalog, providers, runtime) = (bench.Database.Get<ModelCatalog>(), bench.Database.Get<ProviderService>(), bench.Database.Get<ModelRuntime>());
        var workspace = bench.Owner.WorkspaceId;
        Assert.Equal(["overlap", "BAAI/bge-reranker-v2-m3"], (await catalog.ListAsync(workspace, ModelType.Rerank, Cancelled)).Select(model => model.Reference.Name));
        Assert.Equal(BuiltinModels.Overlap, (await runtime.GetRerankModelAsync(workspace, null, Cancelled)).Descriptor.Reference);

        var chosen = new ModelReference("openai-compatible", "unlisted");
        await providers.SetDefaultsAsync(bench.Owner, new Dictionary<ModelType, ModelReference?> { [ModelType.Rerank] = chosen }, Cancelled);
        Assert.Equal(chosen, (await runtime.GetRerankModelAsync(workspace, null, Cancelled)).Descriptor.Reference);
        Assert.Equal(["openai-compatible"], (await catalog.ListOpenProvidersAsync(workspace, ModelType.Rerank, Cancelled)).Select(one => one.Key));
        await Assert.ThrowsAsync<DifyException>(() => providers.SetDefaultsAsync(
            bench.Owner, new Dictionary<ModelType, ModelReference?> { [ModelType.Rerank] = BuiltinModels.Extractive }, Cancelled));
        Assert.Equal("rerank", ModelType.Rerank.ToWire());
        Assert.Equal(ModelType.Rerank, ModelTypes.Parse("rerank"));
    }

    [Theory]
    [InlineData("cohere", "There is no model provider 'cohere' here")]
    [InlineData("langgenius/jina/jina", "There is no model provider 'jina' here")]
    [InlineData("openai", "'openai' is not set up")]
    [InlineData("builtin", "has no model 'rerank-v3.5'")]
    public async Task A_provider_without_the_model_is_told_with_what_to_do(string provider, string words)
    {
        await using var bench = await Bench.StartAsync();

        var failure = await Assert.ThrowsAsync<ModelCallException>(async () => await bench.Database.Get<ModelRuntime>()
            .GetRerankModelAsync(bench.Owner.WorkspaceId, new ModelReference(provider, "rerank-v3.5"), Cancelled));

        Assert.Contains(words, failure.Message);
        Assert.Contains("hoose another", failure.Message);
    }

    [Fact]
    public async Task A_server_that_only_reranks_is_checked_by_a_rerank_call()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        fake.Models = null;
        await using var database = await TestDatabase.CreateAsync();
        var owner = Owner();
        var values = new Dictionary<string, string?> { ["base_url"] = fake.BaseUrl, ["check_model"] = "jina-reranker-v2" };

        await database.Get<ProviderService>().SaveAsync(owner, "openai-compatible", values, Cancelled);

        Assert.Empty(fake.Chats);
        Assert.Single(fake.Reranks);
        Assert.Equal("jina-reranker-v2", (await database.Get<ModelCatalog>().ListAsync(owner.WorkspaceId, ModelType.Rerank, Cancelled))[^1].Label);
    }

    [Fact]
    public async Task The_builtin_one_compares_words()
    {
        var reranker = new OverlapReranker();
        var ranking = await reranker.RankAsync(
            "How long is the warranty of pumps?", ["Lamps are replaced.", "The warranty is long.", "The pump's warranty is two years long."], 2, Cancelled);
        Assert.Equal([2, 1], ranking.Texts.Select(text => text.Index));
        Assert.True(ranking.Texts[0].Score > ranking.Texts[1].Score);
        Assert.InRange(ranking.Texts[0].Score, 0.9, 1);

        Assert.Equal([0.0, 0.0], (await reranker.RankAsync("?", ["a", ""], 5, Cancelled)).Texts.Select(text => text.Score));
        Assert.Equal(1, (await reranker.RankAsync("保修期", ["猫每天睡很久。", "保修期为两年。"], 1, Cancelled)).Texts[0].Index);
    }

    private static Actor Owner() => new(Guid.CreateVersion7(), Guid.CreateVersion7(), Role.Owner);

    private sealed record Bench(FakeOpenAiServer Fake, TestDatabase Database, Actor Owner) : IAsyncDisposable
    {
        public static async Task<Bench> StartAsync(Dictionary<string, string?>? settings = null, string[]? models = null)
        {
            var bench = new Bench(await FakeOpenAiServer.StartAsync(), await TestDatabase.CreateAsync(settings: settings), RerankTests.Owner());
            bench.Fake.Models = models ?? bench.Fake.Models;
            await bench.Database.Get<ProviderService>().SaveAsync(
                bench.Owner, "openai-compatible", new Dictionary<string, string?> { ["base_url"] = bench.Fake.BaseUrl, ["api_key"] = Key }, Cancelled);
            return bench;
        }

        public ValueTask<RerankModel> ModelAsync() => Database.Get<ModelRuntime>()
            .GetRerankModelAsync(Owner.WorkspaceId, new ModelReference("openai-compatible", "some-reranker"), Cancelled);

        public async Task<Ranking> RankAsync(int count) => await (await ModelAsync()).Reranker.RankAsync("question", Texts, count, Cancelled);

        public async ValueTask DisposeAsync()
        {
            await Fake.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
