using AngleSharp.Dom;
using Bunit;
using Dify.Core.Accounts;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;
using Dify.Tests.Accounts;
using Dify.Web.Components.Pages.Accounts;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Web.Components.Accounts;

public sealed class SignInPageTests
{
    [Theory]
    [InlineData("", "", "Enter your e-mail address.")]
    [InlineData("", "abcd1234", "Enter your e-mail address.")]
    [InlineData("nonsense", "abcd1234", "This is not an e-mail address.")]
    [InlineData("a@b", "", "This is not an e-mail address.")]
    [InlineData("a@example.com", "", "Enter your password.")]
    [InlineData("a@example.com", "    ", "Enter your password.")]
    [InlineData("a@example.com", "abc1234", "The password has at least 8 characters, with a letter and a digit.")]
    [InlineData("a@example.com", "abcdefgh", "The password has at least 8 characters, with a letter and a digit.")]
    [InlineData("a@example.com", "12345678", "The password has at least 8 characters, with a letter and a digit.")]
    public async Task Each_broken_rule_has_its_own_message_and_nothing_is_sent(string email, string password, string message)
    {
        await using var world = await AccountWorld.CreateAsync();
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>("/signin");
        await page.Find("#email").InputAsync(email);
        await page.Find("#password").InputAsync(password);
        await EnterAsync(page);
        Assert.Equal(message, Error(page));
        Assert.Equal("/signin", pages.Address);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("a@example.com", "", true)]
    [InlineData("", "abcd1234", true)]
    [InlineData("a", "b", false)]
    public async Task The_button_sleeps_while_a_field_is_empty(string email, string password, bool disabled)
    {
        await using var world = await AccountWorld.CreateAsync();
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>("/signin");
        await page.Find("#email").InputAsync(email);
        await page.Find("#password").InputAsync(password);
        Assert.Equal(disabled, Button(page).HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_button_sleeps_while_a_sign_in_is_under_way_and_a_second_enter_sends_nothing()
    {
        await using var world = await AccountWorld.CreateAsync(configure: services =>
            services.AddSingleton<GatedContexts>().AddSingleton<IDbContextFactory<DifyDbContext>>(p => p.GetRequiredService<GatedContexts>()));
        await world.SetUpAsync();
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>("/signin");
        await FillAsync(page, AccountWorld.OwnerEmail, "wrong1password");
        var gate = world.Get<GatedContexts>();
        gate.Close();
        var sending = page.Find("#password").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });
        page.WaitForAssertion(() => Assert.True(Button(page).HasAttribute("disabled")));
        await EnterAsync(page);
        gate.Open();
        await sending;
        page.WaitForAssertion(() => Assert.False(Button(page).HasAttribute("disabled")));
        Assert.Equal("The e-mail address or the password is wrong.", Error(page));
        await using var db = await world.Database.Contexts.CreateDbContextAsync(AccountWorld.Stop);
        Assert.Equal(1, (await db.Accounts.SingleAsync(AccountWorld.Stop)).AccessFailedCount);
    }

    [Fact]
    public async Task The_password_is_shown_and_hidden_by_its_button()
    {
        await using var world = await AccountWorld.CreateAsync();
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>("/signin");
        Assert.Equal("password", page.Find("#password").GetAttribute("type"));
        Assert.Equal("false", page.Find("button[aria-controls=password]").GetAttribute("aria-pressed"));
        await page.Find("button[aria-controls=password]").ClickAsync();
        Assert.Equal("text", page.Find("#password").GetAttribute("type"));
        Assert.Equal("Hide password", page.Find("button[aria-controls=password]").GetAttribute("aria-label"));
        await page.Find("button[aria-controls=password]").ClickAsync();
        Assert.Equal("password", page.Find("#password").GetAttribute("type"));
    }

    [Fact]
    public async Task The_fields_are_named_for_people_and_password_stores()
    {
        await using var world = await AccountWorld.CreateAsync();
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>("/signin");
        var (email, password) = (page.Find("#email"), page.Find("#password"));
        Assert.Equal(("email", "email", "1"), (email.GetAttribute("type"), email.GetAttribute("autocomplete"), email.GetAttribute("tabindex")));
        Assert.Equal(("current-password", "2"), (password.GetAttribute("autocomplete"), password.GetAttribute("tabindex")));
        Assert.Equal("E-mail address", page.Find("label[for=email]").TextContent);
        Assert.Equal("Password", page.Find("label[for=password]").TextContent);
    }

    [Theory]
    [InlineData(true, "0", "false")]
    [InlineData(false, "-1", "true")]
    public async Task The_forgot_link_carries_the_query_and_is_inert_without_mail(bool mail, string tabIndex, string ariaDisabled)
    {
        await using var world = await AccountWorld.CreateAsync();
        world.Mail.IsConfigured = mail;
        await using var pages = AccountPages.Of(world);
        var link = pages.Open<SignInPage>("/signin?redirect_url=%2Fdatasets&x=1").Find("a.forgot");
        Assert.Equal("/reset-password?redirect_url=%2Fdatasets&x=1", link.GetAttribute("href"));
        Assert.Equal(tabIndex, link.GetAttribute("tabindex"));
        Assert.Equal(ariaDisabled, link.GetAttribute("aria-disabled"));
        Assert.Equal(!mail, link.ClassList.Contains("inert"));
    }

    [Theory]
    [InlineData("/signin", "/apps")]
    [InlineData("/signin?redirect_url=%2Fdatasets", "/datasets")]
    [InlineData("/signin?redirect_url=https%3A%2F%2Fevil.example", "/apps")]
    [InlineData("/signin?redirect_url=%2F%2Fevil.example", "/apps")]
    public async Task Success_leads_into_the_product_with_a_ticket(string address, string to)
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>(address);
        await FillAsync(page, AccountWorld.OwnerEmail, AccountWorld.Password);
        await Button(page).ClickAsync();
        page.WaitForAssertion(() => Assert.StartsWith("/signin/complete?ticket=", pages.Address, StringComparison.Ordinal));
        Assert.EndsWith("&to=" + Uri.EscapeDataString(to), pages.Address, StringComparison.Ordinal);
        var ticket = pages.Address.Split("ticket=")[1].Split('&')[0];
        Assert.Equal((owner.AccountId, true), pages.Tickets.Take(ticket));
    }

    [Fact]
    public async Task Who_does_not_want_to_be_remembered_is_not()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>("/signin");
        await page.Find("#remember").ChangeAsync(false);
        await FillAsync(page, AccountWorld.OwnerEmail, AccountWorld.Password);
        await EnterAsync(page);
        page.WaitForAssertion(() => Assert.Contains("ticket=", pages.Address, StringComparison.Ordinal));
        Assert.False(pages.Tickets.Take(pages.Address.Split("ticket=")[1].Split('&')[0])!.Value.Remember);
    }

    [Fact]
    public async Task An_invited_person_sees_the_locked_address_and_goes_on_to_the_invitation_with_the_query()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        await world.AddWorkspaceAsync("bob@example.com");
        var token = await InviteAsync(world, owner, "bob@example.com");
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>($"/signin?invite_token={token}&x=1");
        page.WaitForAssertion(() => Assert.Equal("bob@example.com", page.Find("#email").GetAttribute("value")));
        Assert.True(page.Find("#email").HasAttribute("disabled"));
        await page.Find("#password").InputAsync(AccountWorld.Password);
        await EnterAsync(page);
        page.WaitForAssertion(() => Assert.Contains("ticket=", pages.Address, StringComparison.Ordinal));
        Assert.EndsWith(
            "&to=" + Uri.EscapeDataString($"/signin/invite-settings?invite_token={token}&x=1"), pages.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_that_is_gone_is_told_instead_of_a_form_that_cannot_be_sent()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>("/signin?invite_token=gone");
        page.WaitForAssertion(() => Assert.Equal("/signin/invite-settings?invite_token=gone", pages.Address));
    }

    [Fact]
    public async Task An_unknown_address_goes_on_to_its_code_where_registration_is_allowed()
    {
        await using var world = await AccountWorld.CreateAsync(settings: ("Accounts:AllowRegister", "true"));
        await world.SetUpAsync();
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>("/signin");
        await FillAsync(page, "new+tag@example.com", AccountWorld.Password);
        await EnterAsync(page);
        page.WaitForAssertion(() => Assert.StartsWith(
            "/reset-password/check-code?email=new%252Btag%2540example.com&token=", pages.Address, StringComparison.Ordinal));
        var mailed = await world.Mail.NextAsync();
        Assert.Equal("new+tag@example.com", mailed.To);
    }

    [Fact]
    public async Task An_unknown_address_is_told_so_where_registration_is_closed()
    {
        await using var world = await AccountWorld.CreateAsync();
        await world.SetUpAsync();
        Assert.Equal(
            "There is no account with this address. Ask an admin to invite you.",
            await OutcomeAsync(world, "new@example.com", AccountWorld.Password));
    }

    [Fact]
    public async Task Any_other_failure_shows_what_the_server_says()
    {
        await using var world = await AccountWorld.CreateAsync();
        var owner = await world.SetUpAsync();
        Assert.Equal("The e-mail address or the password is wrong.", await OutcomeAsync(world, AccountWorld.OwnerEmail, "wrong1password"));
        await world.SetStatusAsync(owner.AccountId, AccountStatus.Banned);
        Assert.Equal("This account is blocked. Ask an admin.", await OutcomeAsync(world, AccountWorld.OwnerEmail, AccountWorld.Password));
        for (var i = 0; i < 4; i++)
        {
            await OutcomeAsync(world, AccountWorld.OwnerEmail, "wrong1password");
        }

        Assert.StartsWith("Too many wrong passwords.", await OutcomeAsync(world, AccountWorld.OwnerEmail, "wrong1password"), StringComparison.Ordinal);
    }

    private static async Task<string> OutcomeAsync(AccountWorld world, string email, string password)
    {
        await using var pages = AccountPages.Of(world);
        var page = pages.Open<SignInPage>("/signin");
        await FillAsync(page, email, password);
        await EnterAsync(page);
        page.WaitForElement(".form-error span");
        return Error(page);
    }

    private static async Task<string> InviteAsync(AccountWorld world, Actor actor, string email) =>
        (await world.Get<InvitationService>().InviteAsync(actor, [email], Role.Editor, null, "https://dify.example", AccountWorld.Stop))[0]
        .Url!.Split("token=")[1];

    private static async Task FillAsync(IRenderedComponent<SignInPage> page, string email, string password)
    {
        await page.Find("#email").InputAsync(email);
        await page.Find("#password").InputAsync(password);
    }

    private static Task EnterAsync(IRenderedComponent<SignInPage> page) =>
        page.Find("#password").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });

    private static IElement Button(IRenderedComponent<SignInPage> page) => page.Find("#sign-in");

    private static string Error(IRenderedComponent<SignInPage> page) => page.Find(".form-error span").TextContent;
}
