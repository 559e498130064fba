using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Storage;

public sealed class WriteBatcherTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task An_acknowledged_write_is_stored(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var writes = database.Get<WriteBatcher>();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => writes.AddAsync(new Workspace { Name = $"w{i}" })));
        Assert.Equal(500, await CountAsync(database));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_write_that_fails_takes_no_other_with_it(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var writes = database.Get<WriteBatcher>();
        var taken = new Workspace { Name = "taken" };
        await writes.AddAsync(taken);

        var good = Enumerable.Range(0, 20).Select(i => writes.AddAsync(new Workspace { Name = $"w{i}" })).ToList();
        var bad = writes.AddAsync(new Workspace { Id = taken.Id, Name = "again" });
        good.AddRange(Enumerable.Range(20, 20).Select(i => writes.AddAsync(new Workspace { Name = $"w{i}" })));

        await Assert.ThrowsAsync<DbUpdateException>(() => bad);
        await Task.WhenAll(good);
        Assert.Equal(41, await CountAsync(database));
    }

    private static async Task<int> CountAsync(TestDatabase database)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        return await db.Workspaces.CountAsync(TestContext.Current.CancellationToken);
    }
}
