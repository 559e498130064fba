using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;
using Dify.Tests.Accounts;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Workspaces;

public sealed class InvitationTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_new_person_joins_once_with_the_role_of_the_invitation(DatabaseKind kind)
    {
        await using var world = await AccountWorld.CreateAsync(kind);
        var owner = await world.SetUpAsync();
        var token = await InviteAsync(world, owner, "bob@example.com", Role.Editor);
        var acceptance = world.Get<InvitationAcceptance>();
        var view = await acceptance.LookAsync(token, AccountWorld.Stop);
        Assert.Equal(
            (InvitationState.Open, "bob@example.com", "Owner's Workspace", "Owner", Role.Editor, false),
            (view.State, view.Email, view.WorkspaceName, view.InviterName, view.Role, view.HasAccount));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Record.ExceptionAsync(
            () => acceptance.AcceptAsNewAccountAsync(token, "Bob", AccountWorld.Password, "zh-Hans", "Asia/Shanghai", AccountWorld.Stop)).AsTask()));
        Assert.Single(outcomes, o => o is null);
        Assert.Equal(3, outcomes.OfType<DifyException>().Count());
        var bob = (await world.Get<MemberService>().ListAsync(owner, AccountWorld.Stop)).Single(m => m.Email == "bob@example.com");
        Assert.Equal(Role.Editor, bob.Role);
        Assert.Equal(InvitationState.Unknown, (await acceptance.LookAsync(token, AccountWorld.Stop)).State);
        Assert.Empty(await world.Get<InvitationService>().ListAsync(owner, AccountWorld.Stop));
    }

    [Fact]
    public async Task A_link_ends_after_seventy_two_hours()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var token = await InviteAsync(world, owner, "bob@example.com", Role.Normal);
        world.Time.Advance(TimeSpan.FromHours(71.9));
        Assert.Equal(InvitationState.Open, (await world.Get<InvitationAcceptance>().LookAsync(token, AccountWorld.Stop)).State);
        world.Time.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal(InvitationState.Expired, (await world.Get<InvitationAcceptance>().LookAsync(token, AccountWorld.Stop)).State);
        Assert.True(Assert.Single(await world.Get<InvitationService>().ListAsync(owner, AccountWorld.Stop)).IsExpired);
        await AssertInvalidAsync(() => AcceptAsync(world, token));
    }

    [Fact]
    public async Task A_withdrawn_or_replaced_link_opens_nothing()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var invitations = world.Get<InvitationService>();
        var first = await InviteAsync(world, owner, "bob@example.com", Role.Normal);
        var second = await InviteAsync(world, owner, "BOB@example.com", Role.Editor);
        var pending = Assert.Single(await invitations.ListAsync(owner, AccountWorld.Stop));
        await AssertInvalidAsync(() => AcceptAsync(world, first));

        var third = TokenOf(await invitations.RenewAsync(owner, pending.Id, null, "https://dify.example", false, AccountWorld.Stop));
        await AssertInvalidAsync(() => AcceptAsync(world, second));
        await invitations.RevokeAsync(owner, pending.Id, AccountWorld.Stop);
        await AssertInvalidAsync(() => AcceptAsync(world, third));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("../../etc/passwd")]
    public async Task What_is_no_token_is_an_unknown_invitation(string? token)
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        Assert.Equal(InvitationState.Unknown, (await world.Get<InvitationAcceptance>().LookAsync(token, AccountWorld.Stop)).State);
        await AssertInvalidAsync(() => AcceptAsync(world, token));
    }

    [Fact]
    public async Task A_wrong_password_leaves_the_invitation_open()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var token = await InviteAsync(world, owner, "bob@example.com", Role.Normal);
        await Assert.ThrowsAsync<DifyException>(() => world.Get<InvitationAcceptance>()
            .AcceptAsNewAccountAsync(token, "Bob", "short", null, null, AccountWorld.Stop));
        Assert.Equal(InvitationState.Open, (await world.Get<InvitationAcceptance>().LookAsync(token, AccountWorld.Stop)).State);
    }

    [Fact]
    public async Task Somebody_with_an_account_accepts_as_that_account_only()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var other = await world.AddWorkspaceAsync("other@example.com");
        var carl = await world.AddMemberAsync(other.WorkspaceId, "carl@example.com", Role.Normal);
        var token = await InviteAsync(world, owner, "other@example.com", Role.Admin);
        var acceptance = world.Get<InvitationAcceptance>();
        Assert.True((await acceptance.LookAsync(token, AccountWorld.Stop)).HasAccount);

        Assert.Equal(409, (await Assert.ThrowsAsync<DifyException>(() => AcceptAsync(world, token))).Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<DifyException>(() => acceptance.AcceptAsync(token, carl.AccountId, AccountWorld.Stop))).Status);
        await acceptance.AcceptAsync(token, other.AccountId, AccountWorld.Stop);
        var joined = await world.Get<WorkspaceAccess>().GetActorAsync(other.AccountId, owner.WorkspaceId, AccountWorld.Stop);
        Assert.Equal(Role.Admin, joined.Role);
    }

    [Fact]
    public async Task Each_address_gets_its_own_answer()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var results = await world.Get<InvitationService>().InviteAsync(
            owner, ["bob@example.com", " BOB@example.com", "nonsense", AccountWorld.OwnerEmail, null], Role.Normal, "en-US",
            "https://dify.example/", AccountWorld.Stop);
        Assert.Equal(
            [("bob@example.com", null), ("nonsense", ErrorCodes.InvalidEmail), (AccountWorld.OwnerEmail, ErrorCodes.AlreadyMember), ("", ErrorCodes.InvalidEmail)],
            results.Select(r => (r.Email, r.ErrorCode)));
        Assert.StartsWith("https://dify.example/activate?token=", results[0].Url, StringComparison.Ordinal);
        var mail = await world.Mail.NextAsync();
        Assert.Equal("bob@example.com", mail.To);
        Assert.Contains(results[0].Url!, mail.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_start_with_the_configured_address_whatever_the_request_says()
    {
        await using var world = await AccountWorld.CreateAsync(settings: ("Urls:ConsoleWeb", "https://console.example"));
        var owner = await world.SetUpAsync();
        var result = Assert.Single(await world.Get<InvitationService>().InviteAsync(
            owner, ["bob@example.com"], Role.Normal, null, "http://evil.example", AccountWorld.Stop));
        Assert.StartsWith("https://console.example/activate?token=", result.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_addresses_at_once_are_refused_and_none_is_invited()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var many = Enumerable.Range(0, 51).Select(i => (string?)$"user{i}@example.com").ToArray();
        foreach (var emails in new[] { many, [], null })
        {
            Assert.Equal(400, (await Assert.ThrowsAsync<DifyException>(() => world.Get<InvitationService>()
                .InviteAsync(owner, emails, Role.Normal, null, "http://x", AccountWorld.Stop))).Status);
        }

        Assert.Empty(await world.Get<InvitationService>().ListAsync(owner, AccountWorld.Stop));
    }

    [Fact]
    public async Task The_store_holds_no_token()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var token = await InviteAsync(world, owner, "bob@example.com", Role.Normal);
        await using var db = await world.Database.Contexts.CreateDbContextAsync(AccountWorld.Stop);
        Assert.NotEqual(token, (await db.Invitations.SingleAsync(AccountWorld.Stop)).TokenHash);
        Assert.True(token.Length >= 43, "256 bits of randomness");
    }

    private static Task<Guid> AcceptAsync(AccountWorld world, string? token) => world.Get<InvitationAcceptance>()
        .AcceptAsNewAccountAsync(token, "Bob", AccountWorld.Password, null, null, AccountWorld.Stop);

    private static async Task<string> InviteAsync(AccountWorld world, Actor actor, string email, Role role) =>
        TokenOf(Assert.Single(await world.Get<InvitationService>().InviteAsync(
            actor, [email], role, null, "https://dify.example", AccountWorld.Stop)));

    private static string TokenOf(InvitationResult result) => result.Url!.Split("token=")[1];

    private static async Task AssertInvalidAsync(Func<Task> action) =>
        Assert.Equal(ErrorCodes.InvitationInvalid, (await Assert.ThrowsAsync<DifyException>(action)).Code);
}
