using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.ApiKeys;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Workspaces;

public sealed class ApiKeyServiceTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_key_opens_until_it_is_deleted_and_only_its_hash_is_stored(DatabaseKind kind)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var database = await TestDatabase.CreateAsync(kind);
        var actor = await WorkspaceOf(database);
        var keys = database.Get<ApiKeyService>();

        var (key, token) = await keys.CreateAsync(actor, ApiKeyKind.Dataset, null, stop);
        Assert.StartsWith("dataset-", token, StringComparison.Ordinal);
        Assert.True(token.Length >= "dataset-".Length + 24);
        Assert.Equal(key.Id, (await keys.FindAsync(token, stop))!.Id);
        Assert.Null(await keys.FindAsync(token[..^1] + (token[^1] == 'a' ? 'b' : 'a'), stop));
        await using (var db = await database.Contexts.CreateDbContextAsync(stop))
        {
            var stored = await db.ApiKeys.SingleAsync(stop);
            Assert.DoesNotContain(token["dataset-".Length..], stored.TokenHash + stored.Hint, StringComparison.Ordinal);
        }

        await keys.DeleteAsync(actor, key.Id, stop);
        Assert.Null(await keys.FindAsync(token, stop));
        Assert.Empty(await keys.ListAsync(actor, ApiKeyKind.Dataset, null, stop));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task The_last_use_of_a_key_is_noted(DatabaseKind kind)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var database = await TestDatabase.CreateAsync(kind);
        var actor = await WorkspaceOf(database);
        var keys = database.Get<ApiKeyService>();
        var (_, token) = await keys.CreateAsync(actor, ApiKeyKind.Dataset, null, stop);

        await keys.FindAsync(token, stop);
        await database.Get<WriteBatcher>().DisposeAsync();

        Assert.NotNull(Assert.Single(await keys.ListAsync(actor, ApiKeyKind.Dataset, null, stop)).LastUsedAt);
    }

    [Fact]
    public async Task A_key_of_another_workspace_cannot_be_deleted()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var database = await TestDatabase.CreateAsync();
        var mine = await WorkspaceOf(database);
        var foreign = await WorkspaceOf(database);
        var keys = database.Get<ApiKeyService>();
        var (key, token) = await keys.CreateAsync(foreign, ApiKeyKind.Dataset, null, stop);

        var refusal = await Assert.ThrowsAsync<DifyException>(() => keys.DeleteAsync(mine, key.Id, stop));
        Assert.Equal(404, refusal.Status);
        Assert.NotNull(await keys.FindAsync(token, stop));
    }

    [Theory]
    [InlineData(Role.Normal)]
    [InlineData(Role.DatasetOperator)]
    public async Task Members_without_the_right_make_no_keys(Role role)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var database = await TestDatabase.CreateAsync();
        var actor = await WorkspaceOf(database) with { Role = role };
        var keys = database.Get<ApiKeyService>();
        var refusal = await Assert.ThrowsAsync<DifyException>(
            () => keys.CreateAsync(actor, ApiKeyKind.Dataset, null, stop));
        Assert.Equal(ErrorCodes.Forbidden, refusal.Code);
    }

    private static async Task<Actor> WorkspaceOf(TestDatabase database)
    {
        var workspace = new Workspace { Name = "Acme" };
        await database.Get<WriteBatcher>().AddAsync(workspace);
        return new Actor(workspace.Id, Guid.CreateVersion7(), Role.Owner);
    }
}
