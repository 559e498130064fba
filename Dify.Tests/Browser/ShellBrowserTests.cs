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
}
