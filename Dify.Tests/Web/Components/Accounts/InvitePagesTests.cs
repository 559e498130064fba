using Bunit;
using Dify.Core.Accounts;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;
using Dify.Tests.Accounts;
using Dify.Web.Components.Pages.Accounts;
using Dify.Web.Components.Pages.Settings;
using Xunit;

namespace Dify.Tests.Web.Components.Accounts;

public sealed class InvitePagesTests
{
    [Fact]
    public async Task A_link_leads_new_people_to_the_invitation_and_people_with_an_account_to_the_form()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        await world.AddWorkspaceAsync("known@example.com");
        foreach (var (email, page) in new[] { ("new@example.com", "/signin/invite-settings"), ("known@example.com", "/signin") })
        {
            var token = await InviteAsync(world, owner, email);
            await using var pages = AccountPages.Of(world);
            var activate = pages.Open<ActivatePage>($"/activate?token={token}");
            activate.WaitForAssertion(() => Assert.Equal($"{page}?invite_token={token}", pages.Address));
        }
    }

    [Fact]
    public async Task A_new_person_joins_with_name_password_language_and_time_zone()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var token = await InviteAsync(world, owner, "bob@example.com");
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<InviteSettingsPage>($"/signin/invite-settings?invite_token={token}");
        page.WaitForElement("#join");
        Assert.Equal("Join Owner's Workspace", page.Find("h1").TextContent);
        Assert.Equal("Owner invites you · as Editor", page.Find(".lead").TextContent);
        Assert.Equal("bob@example.com", page.Find("#email").GetAttribute("value"));
        Assert.True(page.Find("#email").HasAttribute("disabled"));
        Assert.True(page.Find("#join").HasAttribute("disabled"));

        await page.Find("#name").InputAsync("Bob");
        await page.Find("#password").InputAsync("short");
        await page.Find("#join").ClickAsync();
        page.WaitForAssertion(() => Assert.Contains("at least 8 characters", page.Find(".form-error span").TextContent, StringComparison.Ordinal));

        await page.Find("#password").InputAsync(AccountWorld.Password);
        await page.Find("#language").ChangeAsync("zh-Hans");
        await page.Find("#timezone").ChangeAsync("Asia/Shanghai");
        await page.Find("#join").ClickAsync();
        page.WaitForAssertion(() => Assert.StartsWith("/signin/complete?ticket=", pages.Address, StringComparison.Ordinal));
        var bob = (await world.Get<MemberService>().ListAsync(owner, AccountWorld.Stop)).Single(m => m.Name == "Bob");
        Assert.Equal(Role.Editor, bob.Role);
        var profile = await world.Get<AccountService>().GetProfileAsync(bob.AccountId, AccountWorld.Stop);
        Assert.Equal(("zh-Hans", "Asia/Shanghai"), (profile.InterfaceLanguage, profile.TimeZone));
    }

    [Fact]
    public async Task Somebody_with_an_account_signs_in_first_and_then_only_joins()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var bob = await world.AddWorkspaceAsync("bob@example.com");
        var carl = await world.AddMemberAsync(bob.WorkspaceId, "carl@example.com", Role.Normal);
        var token = await InviteAsync(world, owner, "bob@example.com");
        foreach (var stranger in new[] { null, carl })
        {
            await using var outside = AccountPages.Of(world, stranger);
            var closed = outside.Open<InviteSettingsPage>($"/signin/invite-settings?invite_token={token}");
            var link = closed.WaitForElement("#invite-sign-in");
            Assert.Equal($"/signin?invite_token={token}", link.GetAttribute("href"));
            Assert.Empty(closed.FindAll("#join"));
        }

        await using var pages = AccountPages.Of(world, bob);
        var page = pages.Open<InviteSettingsPage>($"/signin/invite-settings?invite_token={token}");
        page.WaitForElement("#join");
        Assert.Empty(page.FindAll("#password"));
        await page.Find("#join").ClickAsync();
        page.WaitForAssertion(() => Assert.StartsWith("/signin/complete?ticket=", pages.Address, StringComparison.Ordinal));
        Assert.Contains(await world.Get<MemberService>().ListAsync(owner, AccountWorld.Stop), m => m.AccountId == bob.AccountId);
    }

    [Fact]
    public async Task Expired_and_used_links_say_so_and_offer_no_form()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var used = await InviteAsync(world, owner, "used@example.com");
        await world.Get<InvitationAcceptance>().AcceptAsNewAccountAsync(used, "Used", AccountWorld.Password, null, null, AccountWorld.Stop);
        var expired = await InviteAsync(world, owner, "bob@example.com");
        world.Time.Advance(TimeSpan.FromHours(73));
        foreach (var (token, title) in new[]
        {
            (used, "This invitation is no longer valid"),
            (expired, "This invitation has expired"),
            ("made-up", "This invitation is no longer valid"),
            ("", "This invitation is no longer valid"),
        })
        {
            await using var pages = AccountPages.Of(world);
            var page = pages.Open<InviteSettingsPage>($"/signin/invite-settings?invite_token={token}");
            page.WaitForAssertion(() => Assert.Equal(title, page.Find("h1").TextContent));
            Assert.Empty(page.FindAll("#join"));
        }
    }

    [Fact]
    public async Task Inviting_many_addresses_shows_a_link_or_a_reason_for_each()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        world.Mail.IsConfigured = false;
        await using var pages = AccountPages.Of(world, owner);
        var page = pages.Open<MembersPage>("/settings/members");
        var inviting = page.WaitForElement("#invite").ClickAsync();
        var dialog = pages.Dialogs;
        dialog.WaitForElement("#invite-emails");
        Assert.True(dialog.Find("#send-invitations").HasAttribute("disabled"));
        await dialog.Find("#invite-emails").InputAsync("bob@example.com, carl@example.com\nnonsense owner@example.com");
        await dialog.FindAll("input[name=invite-role]")[1].ChangeAsync("Editor");
        await dialog.Find("#send-invitations").ClickAsync();
        dialog.WaitForAssertion(() => Assert.Equal(4, dialog.FindAll(".results li").Count));
        Assert.All(dialog.FindAll(".results input"), link => Assert.Contains("/activate?token=", link.GetAttribute("value"), StringComparison.Ordinal));
        Assert.Equal(
            ["This is not an e-mail address.", "This address belongs to a member of the workspace."],
            dialog.FindAll(".results .error").Select(e => e.TextContent));
        await dialog.FindAll(".mud-dialog-actions button").Single().ClickAsync();
        await inviting;
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".pending li").Count));
        Assert.All(await world.Get<InvitationService>().ListAsync(owner, AccountWorld.Stop), i => Assert.Equal(Role.Editor, i.Role));
    }

    [Fact]
    public async Task Roles_are_changed_and_members_removed_after_a_question_but_never_the_owner_or_oneself()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var bob = await world.AddMemberAsync(owner.WorkspaceId, "bob@example.com", Role.Normal);
        await using var pages = AccountPages.Of(world, owner);
        var page = pages.Open<MembersPage>("/settings/members");
        page.WaitForElement("table");
        Assert.Single(page.FindAll("table select"));
        await page.Find("table select").ChangeAsync("Admin");
        Assert.Equal(Role.Admin, (await world.Get<WorkspaceAccess>().GetActorAsync(bob.AccountId, cancellationToken: AccountWorld.Stop)).Role);

        var removing = page.Find("td.actions button").ClickAsync();
        pages.Dialogs.WaitForElement(".mud-dialog-actions button");
        Assert.Equal(2, (await world.Get<MemberService>().ListAsync(owner, AccountWorld.Stop)).Count);
        await pages.Dialogs.FindAll(".mud-dialog-actions button")[1].ClickAsync();
        await removing;
        Assert.Single(await world.Get<MemberService>().ListAsync(owner, AccountWorld.Stop));
    }

    [Theory]
    [InlineData(Role.Editor)]
    [InlineData(Role.Normal)]
    [InlineData(Role.DatasetOperator)]
    public async Task Who_may_not_manage_members_sees_the_list_and_no_controls(Role role)
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var bob = await world.AddMemberAsync(owner.WorkspaceId, "bob@example.com", role);
        await InviteAsync(world, owner, "carl@example.com");
        await using var pages = AccountPages.Of(world, bob);
        var page = pages.Open<MembersPage>("/settings/members");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
        Assert.Empty(page.FindAll("#invite, table select, td.actions button, .pending"));
    }

    [Fact]
    public async Task A_withdrawn_invitation_is_gone_and_its_link_opens_nothing()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        var token = await InviteAsync(world, owner, "bob@example.com");
        await using var pages = AccountPages.Of(world, owner);
        var page = pages.Open<MembersPage>("/settings/members");
        page.WaitForElement(".pending");
        var withdrawing = page.FindAll(".pending button")[^1].ClickAsync();
        pages.Dialogs.WaitForElement(".mud-dialog-actions button");
        await pages.Dialogs.FindAll(".mud-dialog-actions button")[1].ClickAsync();
        await withdrawing;
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".pending")));
        Assert.Equal(InvitationState.Unknown, (await world.Get<InvitationAcceptance>().LookAsync(token, AccountWorld.Stop)).State);
    }

    private static async Task<string> InviteAsync(AccountWorld world, Actor actor, string email) =>
        (await world.Get<InvitationService>().InviteAsync(actor, [email], Role.Editor, null, "https://dify.example", AccountWorld.Stop))[0]
        .Url!.Split("token=")[1];
}
