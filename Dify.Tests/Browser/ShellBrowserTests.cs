using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Browser;

public sealed class ShellBrowserTests
{
    [Fact]
    public async Task A_page_that_does_not_exist_says_so_without_a_complaint_of_the_browser()
    {
        await using var host = new DifyHost();
        await using var browser = await BrowserSession.StartAsync(host.StartOnPort());
        await browser.Page.GotoAsync("/not-found");
        await browser.Page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Name = "Page not found" }).WaitForAsync();
        await browser.ShootAsync("not-found");
        Assert.Empty(browser.Complaints);
    }
}
