using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;
using Dify.Core.Models.Calls;
using Dify.Core.Storage;
using Dify.Tests.Knowledge;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dify.Tests.Storage;

public sealed class RecordExpiryTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public Task Records_older_than_90_days_are_deleted_and_younger_ones_kept(DatabaseKind kind) => CheckAsync(kind, null, left: 1);

    [Fact]
    public Task Nothing_is_deleted_where_records_are_kept_for_ever() => CheckAsync(DatabaseKind.Sqlite, "0", left: 2);

    private static async Task CheckAsync(DatabaseKind kind, string? days, int left)
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var database = await TestDatabase.CreateAsync(
            kind,
            services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now)),
            days is null ? [] : [KeyValuePair.Create<string, string?>("Storage:RecordRetentionDays", days)]);
        var seed = new KnowledgeSeed(database, Guid.CreateVersion7());
        var knowledge = await seed.BaseAsync();
        foreach (var age in new[] { 89, 91 })
        {
            await seed.SaveAsync(
                new ModelCall { Provider = "p", Model = "m", Type = ModelType.Llm, Currency = "USD", StartedAt = Now.AddDays(-age) },
                new RetrievalRecord { KnowledgeBaseId = knowledge.Id, Text = "t", Source = "s", CreatedAt = Now.AddDays(-age) });
        }

        Assert.Equal(2 * (2 - left), await database.Get<RecordExpiry>().SweepAsync(cancelled));
        await using var db = await database.Contexts.CreateDbContextAsync(cancelled);
        Assert.Equal(left, await db.ModelCalls.CountAsync(cancelled));
        Assert.Equal(left, await db.RetrievalRecords.CountAsync(cancelled));
    }
}
