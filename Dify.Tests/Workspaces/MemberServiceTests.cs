using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;
using Dify.Tests.Accounts;
using Dify.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Dify.Tests.Workspaces;

public sealed class MemberServiceTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_changed_role_counts_with_the_next_action_and_a_removal_at_once(DatabaseKind kind)
    {
        await using var world = await AccountWorld.CreateAsync(kind);
        var owner = await world.SetUpAsync();
        var bob = await world.AddMemberAsync(owner.WorkspaceId, "bob@example.com", Role.Normal);
        var (members, access) = (world.Get<MemberService>(), world.Get<WorkspaceAccess>());

        await members.ChangeRoleAsync(owner, bob.AccountId, Role.Editor, AccountWorld.Stop);
        Assert.Equal(Role.Editor, (await access.GetActorAsync(bob.AccountId, cancellationToken: AccountWorld.Stop)).Role);
        Assert.Equal(["owner@example.com", "bob@example.com"], (await members.ListAsync(owner, AccountWorld.Stop)).Select(m => m.Email));

        await members.RemoveAsync(owner, bob.AccountId, AccountWorld.Stop);
        await AssertStatusAsync(403, () => access.GetActorAsync(bob.AccountId, cancellationToken: AccountWorld.Stop));
        await AssertStatusAsync(404, () => members.RemoveAsync(owner, bob.AccountId, AccountWorld.Stop));
    }

    [Theory]
    [InlineData(Role.Editor)]
    [InlineData(Role.Normal)]
    [InlineData(Role.DatasetOperator)]
    public async Task Who_may_not_manage_members_changes_nothing(Role role)
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var actor = await world.AddMemberAsync(owner.WorkspaceId, "actor@example.com", role);
        var bob = await world.AddMemberAsync(owner.WorkspaceId, "bob@example.com", Role.Normal);
        var (members, invitations) = (world.Get<MemberService>(), world.Get<InvitationService>());
        await AssertStatusAsync(403, () => members.ChangeRoleAsync(actor, bob.AccountId, Role.Admin, AccountWorld.Stop));
        await AssertStatusAsync(403, () => members.ChangeRoleAsync(actor, actor.AccountId, Role.Admin, AccountWorld.Stop));
        await AssertStatusAsync(403, () => members.RemoveAsync(actor, bob.AccountId, AccountWorld.Stop));
        await AssertStatusAsync(403, () => invitations.InviteAsync(actor, ["x@example.com"], Role.Normal, null, "http://x", AccountWorld.Stop));
        await AssertStatusAsync(403, () => invitations.ListAsync(actor, AccountWorld.Stop));
        await AssertStatusAsync(403, () => invitations.RevokeAsync(actor, Guid.CreateVersion7(), AccountWorld.Stop));
        Assert.Equal(3, (await members.ListAsync(actor, AccountWorld.Stop)).Count);
    }

    [Theory]
    [InlineData(Role.Owner)]
    [InlineData(Role.Admin)]
    public async Task Nobody_changes_or_removes_the_owner_or_makes_another(Role role)
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var actor = role == Role.Owner ? owner : await world.AddMemberAsync(owner.WorkspaceId, "admin@example.com", role);
        var bob = await world.AddMemberAsync(owner.WorkspaceId, "bob@example.com", Role.Normal);
        var members = world.Get<MemberService>();
        await AssertStatusAsync(403, () => members.ChangeRoleAsync(actor, owner.AccountId, Role.Normal, AccountWorld.Stop));
        await AssertStatusAsync(403, () => members.RemoveAsync(actor, owner.AccountId, AccountWorld.Stop));
        await AssertStatusAsync(403, () => members.ChangeRoleAsync(actor, bob.AccountId, Role.Owner, AccountWorld.Stop));
        await AssertStatusAsync(403, () => world.Get<InvitationService>().InviteAsync(
            actor, ["x@example.com"], Role.Owner, null, "http://x", AccountWorld.Stop));
        await AssertStatusAsync(400, () => members.ChangeRoleAsync(actor, bob.AccountId, (Role)99, AccountWorld.Stop));
        Assert.Equal(Role.Owner, (await members.ListAsync(owner, AccountWorld.Stop))[0].Role);
    }

    [Fact]
    public async Task An_admin_neither_changes_nor_removes_themselves()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var admin = await world.AddMemberAsync(owner.WorkspaceId, "admin@example.com", Role.Admin);
        var refused = await Assert.ThrowsAsync<DifyException>(
            () => world.Get<MemberService>().ChangeRoleAsync(admin, admin.AccountId, Role.Normal, AccountWorld.Stop));
        Assert.Equal(ErrorCodes.CannotOperateSelf, refused.Code);
        await AssertStatusAsync(400, () => world.Get<MemberService>().RemoveAsync(admin, admin.AccountId, AccountWorld.Stop));
    }

    [Fact]
    public async Task Members_and_invitations_of_another_workspace_do_not_exist_here()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var other = await world.AddWorkspaceAsync("other@example.com");
        var foreign = await world.AddMemberAsync(other.WorkspaceId, "foreign@example.com", Role.Normal);
        var (members, invitations) = (world.Get<MemberService>(), world.Get<InvitationService>());
        await invitations.InviteAsync(other, ["x@example.com"], Role.Normal, null, "http://x", AccountWorld.Stop);
        var invitation = Assert.Single(await invitations.ListAsync(other, AccountWorld.Stop));

        Assert.Empty(await invitations.ListAsync(owner, AccountWorld.Stop));
        await AssertStatusAsync(404, () => members.ChangeRoleAsync(owner, foreign.AccountId, Role.Admin, AccountWorld.Stop));
        await AssertStatusAsync(404, () => members.RemoveAsync(owner, other.AccountId, AccountWorld.Stop));
        await AssertStatusAsync(404, () => invitations.RevokeAsync(owner, invitation.Id, AccountWorld.Stop));
        await AssertStatusAsync(404, () => invitations.RenewAsync(owner, invitation.Id, null, "http://x", false, AccountWorld.Stop));
        Assert.Single(await members.ListAsync(owner, AccountWorld.Stop));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task The_store_itself_takes_no_second_owner(DatabaseKind kind)
    {
        await using var world = await AccountWorld.CreateAsync(kind);
        var owner = await world.SetUpAsync();
        await Assert.ThrowsAsync<DbUpdateException>(
            () => world.AddMemberAsync(owner.WorkspaceId, "second@example.com", Role.Owner));
    }

    [Fact]
    public async Task A_banned_account_has_no_place_anywhere()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var bob = await world.AddMemberAsync(owner.WorkspaceId, "bob@example.com", Role.Admin);
        await world.SetStatusAsync(bob.AccountId, AccountStatus.Banned);
        await AssertStatusAsync(403, () => world.Get<WorkspaceAccess>().GetActorAsync(bob.AccountId, cancellationToken: AccountWorld.Stop));
    }

    private static async Task AssertStatusAsync(int status, Func<Task> action) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<DifyException>(action)).Status);
}
