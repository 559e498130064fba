using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

[Collection(AloneCollection.Name)]
public sealed class ShellBrowserTests
{
    [Fact]
    public async Task A_page_that_does_not_exist_says_so_without_a_complaint_of_the_browser()
    {
        await using var host = new DifyHost();
        var address = host.StartOnPort();
        await host.Get<SetupService>().SetUpAsync("ada@example.com", "Ada", "secret-1234", null, null, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.StartAsync(address);
        await browser.Page.GotoAsync("/not-found");
        await browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Page not found" }).WaitForAsync();
        await browser.ShootAsync("not-found");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_dialog_takes_what_is_typed_at_once_and_signing_out_ends_the_other_tabs()
    {
        await using var host = new DifyHost();
        var address = host.StartOnPort();
        await host.Get<SetupService>().SetUpAsync("ada@example.com", "Ada", "secret-1234", null, null, TestContext.Current.CancellationToken);
        await using var browser = await BrowserSession.StartAsync(address);
        var page = browser.Page;
        await page.GotoAsync("/signin");
        await page.Locator("#email").FillAsync("ada@example.com");
        await page.Locator("#password").FillAsync("secret-1234");
        await page.Locator("#sign-in").ClickAsync();

        await page.GetByText("Create an app").First.ClickAsync();
        await Assertions.Expect(page.Locator("#app-name")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Desk");
        await Assertions.Expect(page.Locator("#app-name")).ToHaveValueAsync("Desk");

        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/explore");
        await other.GetByRole(AriaRole.Button, new() { Name = "Account" }).ClickAsync();
        await other.GetByText("Sign out").ClickAsync();
        await page.WaitForURLAsync("**/signin?**");
    }
}
