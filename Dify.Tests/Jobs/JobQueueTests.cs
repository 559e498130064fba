using Dify.Core.Common;
using Dify.Core.Jobs;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Ingestion;
using Dify.Core.Models.Credentials;
using Dify.Core.Storage;
using Dify.Tests.Knowledge.Ingestion;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Jobs;

public sealed class JobQueueTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_queued_document_is_indexed_and_a_lost_one_is_found_again(DatabaseKind kind)
    {
        await using var world = await KnowledgeWorld.CreateAsync(kind);
        var queue = world.Database.Get<JobQueue>();
        var knowledge = await world.BaseAsync(IndexingTechnique.Economy);
        var ended = Watch(world, knowledge);
        var waiting = await world.TextAsync(knowledge, "queued before the start");
        await queue.StartAsync(Stop);
        Assert.Equal(IndexingStatus.Completed, (await ended.WaitAsync(waiting.Id)).IndexingStatus);
        while (await queue.IsQueuedAsync<IndexDocumentJob>($"{waiting.Id:N}.1", Stop))
        {
            // The queue clears a job away just after its end.
            await Task.Yield();
        }

        Assert.True(await queue.IsReadyAsync(Stop));

        // As a process leaves it that dies in the middle of a job: unfinished, and the queue knows nothing of it.
        await using (var db = await world.Database.Contexts.CreateDbContextAsync(Stop))
        {
            await db.Documents.Where(d => d.Id == waiting.Id).ExecuteUpdateAsync(
                set => set.SetProperty(d => d.IndexingStatus, IndexingStatus.Indexing).SetProperty(d => d.CompletedAt, (DateTimeOffset?)null), Stop);
        }

        Assert.Equal(1, await world.Database.Get<IndexingQueue>().RecoverAsync(Stop));
        Assert.NotNull((await ended.WaitAsync(waiting.Id)).CompletedAt);
        Assert.Equal(0, await world.Database.Get<IndexingQueue>().RecoverAsync(Stop));
        await queue.StopAsync(Stop);
    }

    [Fact]
    public async Task A_rate_limit_is_waited_out_and_a_refused_key_is_a_reason()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var world = await KnowledgeWorld.CreateAsync();
        await world.Database.Get<ProviderService>().SaveAsync(
            world.Owner, "openai-compatible", new Dictionary<string, string?> { ["base_url"] = fake.BaseUrl, ["api_key"] = "k" }, Stop);
        var knowledge = (await world.Bases.CreateAsync(world.Owner, new NewKnowledgeBase
        {
            Name = "Fake",
            IndexingTechnique = IndexingTechnique.HighQuality,
            EmbeddingProvider = "openai-compatible",
            EmbeddingModel = "fake-embedding",
        }, Stop)).KnowledgeBase.Id;

        fake.OnEmbeddings = _ => new FakeOpenAiReply("") { Status = 429, RetryAfterSeconds = 1 };
        var document = await world.TextAsync(knowledge, "some text");
        await world.RunJobsAsync();
        var waiting = await world.DocumentAsync(document);
        Assert.Equal(IndexingStatus.Waiting, waiting.IndexingStatus);
        Assert.Equal(document.JobNumber + 1, waiting.JobNumber);
        Assert.Null(waiting.Error);

        fake.OnEmbeddings = _ => new FakeOpenAiReply("") { Status = 401 };
        await world.RunJobsAsync();
        var failed = await world.DocumentAsync(document);
        Assert.Equal(IndexingStatus.Error, failed.IndexingStatus);
        Assert.Contains("API key", failed.Error, StringComparison.Ordinal);

        fake.OnEmbeddings = _ => new FakeOpenAiReply("");
        await world.Documents.RetryAsync(world.Owner, knowledge, [document.Id], Stop);
        await world.RunJobsAsync();
        Assert.Equal(IndexingStatus.Completed, (await world.DocumentAsync(document)).IndexingStatus);
        Assert.Single(await world.SegmentsAsync(document));
    }

    [Fact]
    public async Task A_provider_that_never_recovers_is_given_up_with_a_reason()
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        await using var world = await KnowledgeWorld.CreateAsync();
        await world.Database.Get<ProviderService>().SaveAsync(
            world.Owner, "openai-compatible", new Dictionary<string, string?> { ["base_url"] = fake.BaseUrl, ["api_key"] = "k" }, Stop);
        var knowledge = (await world.Bases.CreateAsync(world.Owner, new NewKnowledgeBase
        {
            Name = "Fake",
            IndexingTechnique = IndexingTechnique.HighQuality,
            EmbeddingProvider = "openai-compatible",
            EmbeddingModel = "fake-embedding",
        }, Stop)).KnowledgeBase.Id;
        fake.OnEmbeddings = _ => new FakeOpenAiReply("") { Status = 503 };
        var document = await world.TextAsync(knowledge, "some text");
        for (var i = 0; i < 10; i++)
        {
            await world.RunJobsAsync();
        }

        var failed = await world.DocumentAsync(document);
        Assert.Equal(IndexingStatus.Error, failed.IndexingStatus);
        Assert.Contains("503", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_failures_that_can_pass_are_tried_again_and_not_for_ever()
    {
        var busy = new DifyException(ErrorCodes.CompletionRequestError, "busy") { IsTransient = true, RetryAfterSeconds = 30 };
        Assert.Equal(TimeSpan.FromSeconds(30), RetryPolicy.NextWait(busy, 1));
        Assert.Equal(TimeSpan.FromMinutes(2), RetryPolicy.NextWait(busy, 4));
        Assert.Null(RetryPolicy.NextWait(busy, 5));
        Assert.Null(RetryPolicy.NextWait(DifyException.Invalid("wrong"), 1));
        Assert.Null(RetryPolicy.NextWait(new InvalidOperationException(), 1));
        Assert.NotNull(RetryPolicy.NextWait(new TimeoutException(), 1));
    }

    private static Watcher Watch(KnowledgeWorld world, Guid knowledgeBaseId) => new(world, knowledgeBaseId);

    /// <summary>Waits for the signal that pages get, then asks the store.</summary>
    private sealed class Watcher
    {
        private readonly System.Threading.Channels.Channel<Guid> _signals = System.Threading.Channels.Channel.CreateUnbounded<Guid>();
        private readonly KnowledgeWorld _world;
        private readonly Guid _knowledgeBaseId;

        public Watcher(KnowledgeWorld world, Guid knowledgeBaseId)
        {
            (_world, _knowledgeBaseId) = (world, knowledgeBaseId);
            world.Database.Get<DocumentProgress>().Watch(knowledgeBaseId, id => _signals.Writer.TryWrite(id));
        }

        public async Task<Document> WaitAsync(Guid documentId)
        {
            while (true)
            {
                await _signals.Reader.ReadAsync(Stop);
                var document = await _world.Documents.GetAsync(_world.Owner, _knowledgeBaseId, documentId, Stop);
                if (document.IndexingStatus is IndexingStatus.Completed or IndexingStatus.Error && document.CompletedAt is not null)
                {
                    return document;
                }
            }
        }
    }
}
