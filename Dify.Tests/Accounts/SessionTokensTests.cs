using Dify.Core.Accounts;
using Dify.Core.Accounts.Sessions;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Accounts;

public sealed class SessionTokensTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_refresh_token_works_once_and_its_reuse_ends_the_session(DatabaseKind kind)
    {
        await using var world = await AccountWorld.CreateAsync(kind);
        var owner = await world.SetUpAsync();
        var tokens = world.Get<SessionTokens>();
        var first = await tokens.IssueAsync(owner.AccountId, AccountWorld.Stop);
        var second = await tokens.RefreshAsync(first.RefreshToken, AccountWorld.Stop);

        Assert.Null(await tokens.ValidateAsync(first.AccessToken, AccountWorld.Stop));
        Assert.Equal(owner.AccountId, await tokens.ValidateAsync(second.AccessToken, AccountWorld.Stop));

        await AssertEndedAsync(() => tokens.RefreshAsync(first.RefreshToken, AccountWorld.Stop));
        Assert.Null(await tokens.ValidateAsync(second.AccessToken, AccountWorld.Stop));
        await AssertEndedAsync(() => tokens.RefreshAsync(second.RefreshToken, AccountWorld.Stop));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Of_two_simultaneous_refreshes_at_most_one_brings_tokens(DatabaseKind kind)
    {
        await using var world = await AccountWorld.CreateAsync(kind);
        var owner = await world.SetUpAsync();
        var tokens = world.Get<SessionTokens>();
        var pair = await tokens.IssueAsync(owner.AccountId, AccountWorld.Stop);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => Record.ExceptionAsync(() => tokens.RefreshAsync(pair.RefreshToken, AccountWorld.Stop)).AsTask()));
        Assert.True(outcomes.Count(o => o is null) <= 1);
    }

    [Fact]
    public async Task An_access_token_holds_an_hour_and_a_refresh_token_thirty_days()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var tokens = world.Get<SessionTokens>();
        var pair = await tokens.IssueAsync(owner.AccountId, AccountWorld.Stop);
        world.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.NotNull(await tokens.ValidateAsync(pair.AccessToken, AccountWorld.Stop));
        world.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await tokens.ValidateAsync(pair.AccessToken, AccountWorld.Stop));
        world.Time.Advance(TimeSpan.FromDays(29));
        pair = await tokens.RefreshAsync(pair.RefreshToken, AccountWorld.Stop);
        world.Time.Advance(TimeSpan.FromDays(31));
        await AssertEndedAsync(() => tokens.RefreshAsync(pair.RefreshToken, AccountWorld.Stop));
    }

    [Fact]
    public async Task A_changed_password_and_a_ban_end_every_session()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var (tokens, accounts) = (world.Get<SessionTokens>(), world.Get<AccountService>());
        var stamp = await accounts.GetSecurityStampAsync(owner.AccountId, AccountWorld.Stop);
        var pair = await tokens.IssueAsync(owner.AccountId, AccountWorld.Stop);

        await accounts.ChangePasswordAsync(owner.AccountId, AccountWorld.Password, "another1password", AccountWorld.Stop);
        Assert.Null(await tokens.ValidateAsync(pair.AccessToken, AccountWorld.Stop));
        await AssertEndedAsync(() => tokens.RefreshAsync(pair.RefreshToken, AccountWorld.Stop));
        Assert.False(await accounts.IsSessionValidAsync(owner.AccountId, stamp, AccountWorld.Stop));

        pair = await tokens.IssueAsync(owner.AccountId, AccountWorld.Stop);
        Assert.NotNull(await tokens.ValidateAsync(pair.AccessToken, AccountWorld.Stop));
        await world.SetStatusAsync(owner.AccountId, AccountStatus.Banned);
        Assert.Null(await tokens.ValidateAsync(pair.AccessToken, AccountWorld.Stop));
    }

    [Fact]
    public async Task The_password_does_not_change_without_the_current_one()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var refused = await Assert.ThrowsAsync<DifyException>(() => world.Get<AccountService>()
            .ChangePasswordAsync(owner.AccountId, "wrong1password", "another1password", AccountWorld.Stop));
        Assert.Equal(ErrorCodes.PasswordMismatch, refused.Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("dat_")]
    [InlineData("dat_00000000000000000000000000000000x")]
    [InlineData("drt_00000000000000000000000000000000x")]
    [InlineData("' OR 1=1 --")]
    public async Task What_is_no_token_opens_nothing(string? token)
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        Assert.Null(await world.Get<SessionTokens>().ValidateAsync(token, AccountWorld.Stop));
        await AssertEndedAsync(() => world.Get<SessionTokens>().RefreshAsync(token, AccountWorld.Stop));
    }

    [Fact]
    public async Task The_store_holds_no_token()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var pair = await world.Get<SessionTokens>().IssueAsync(owner.AccountId, AccountWorld.Stop);
        await using var db = await world.Database.Contexts.CreateDbContextAsync(AccountWorld.Stop);
        var session = await db.AccountSessions.SingleAsync(AccountWorld.Stop);
        Assert.NotEqual(pair.AccessToken, session.AccessHash);
        Assert.DoesNotContain(session.RefreshHash, pair.RefreshToken, StringComparison.Ordinal);
        Assert.NotEqual(pair.AccessToken[36..], pair.RefreshToken[36..]);
    }

    private static async Task AssertEndedAsync(Func<Task> action) =>
        Assert.Equal(401, (await Assert.ThrowsAsync<DifyException>(action)).Status);
}
