using Dify.Tests.Chat;
using Dify.Tests.Support;
using Dify.Tests.Web.Endpoints;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

[Collection(AloneCollection.Name)]
public sealed class HumanFormBrowserTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 360)]
    public async Task A_person_without_an_account_answers_a_form_with_the_keyboard(string theme, int width)
    {
        await using var world = await ChatWorld.CreateAsync(listens: true, stop: Stop);
        var (_, form) = await PausedForm.CreateAsync(world, Stop);
        await using var browser = await BrowserSession.StartAsync(world.Address, theme, width);
        var page = browser.Page;
        await page.GotoAsync($"/form/{form.Token}");
        await page.GetByRole(AriaRole.Heading, new() { Name = "h" }).WaitForAsync();
        await browser.ShootAsync($"form-{theme}-{width}");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await page.GetByRole(AriaRole.Textbox).FillAsync("It looks right.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Thank you").WaitForAsync();
        await browser.ShootAsync($"form-{theme}-{width}-thanks");
        Assert.Equal("It looks right.", await PausedForm.ResultAsync(world, form, Stop));

        await page.ReloadAsync();
        await page.GetByText("This form was answered already").WaitForAsync();
        await page.GotoAsync("/form/nobody-gave-this-out");
        await page.GetByText("There is no such form").WaitForAsync();
        Assert.Empty(browser.Complaints);
    }
}
