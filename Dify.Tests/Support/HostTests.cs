using System.Net;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Support;

public sealed class HostTests
{
    [Fact]
    public async Task The_program_starts_on_an_empty_data_folder_and_is_alive()
    {
        await using var host = new DifyHost();
        using var client = host.CreateClient();
        var answer = await client.GetAsync("/health", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Every_table_can_be_made_and_asked(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var db = await database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.True(await db.Database.CanConnectAsync(TestContext.Current.CancellationToken));
    }
}
