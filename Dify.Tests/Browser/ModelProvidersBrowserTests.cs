using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

[Collection(AloneCollection.Name)]
public sealed class ModelProvidersBrowserTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 1280)]
    [InlineData("light", 360)]
    public async Task A_provider_is_set_up_with_a_live_check_and_its_model_becomes_the_default(string scheme, int width)
    {
        await using var fake = await FakeOpenAiServer.StartAsync();
        fake.ApiKey = "sk-good-0123456789abcdef";
        await using var host = new DifyHost();
        var address = host.StartOnPort();
        await host.Get<SetupService>().SetUpAsync("ada@example.com", "Ada", "secret-1234", null, null, Cancel);
        await using var browser = await BrowserSession.StartAsync(address, scheme, width, width < 600 ? 740 : 860);
        var page = browser.Page;
        async Task ShootAsync(string name) => await browser.ShootAsync($"models-{scheme}-{width}-{name}");

        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync("/signin");
        await page.Locator("#email").FillAsync("ada@example.com");
        await page.Locator("#password").FillAsync("secret-1234");
        await page.Locator("#sign-in").ClickAsync();
        await page.WaitForURLAsync("**/apps");
        await page.GotoAsync("/settings/model-providers");
        var card = page.Locator("article", new() { HasText = "OpenAI-compatible" });
        await card.WaitForAsync();
        await ShootAsync("page");

        await card.GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync();
        await page.Locator("#field-base_url").FillAsync(fake.BaseUrl);
        await page.Locator("#field-api_key").FillAsync("sk-wrong-0123456789abcdef");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check and save" }).ClickAsync();
        await page.GetByText("refused the credentials (401)").WaitForAsync();
        await ShootAsync("refused");

        await page.Locator("#field-api_key").FillAsync(fake.ApiKey);
        await page.GetByRole(AriaRole.Button, new() { Name = "Check and save" }).ClickAsync();
        await card.GetByText("Ready").WaitForAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "2 models" }).ClickAsync();
        await card.GetByText("fake-embedding").WaitForAsync();
        await ShootAsync("ready");

        await page.GetByRole(AriaRole.Button, new() { Name = "Chat model:" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "fake-chat" }).WaitForAsync();
        await ShootAsync("picker");
        await page.GetByRole(AriaRole.Option, new() { Name = "fake-chat" }).ClickAsync();
        await page.GetByText("Default model saved.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Chat model: fake-chat" }).WaitForAsync();

        await card.GetByRole(AriaRole.Button, new() { Name = "Change credentials" }).ClickAsync();
        Assert.Equal("", await page.Locator("#field-api_key").InputValueAsync());
        await ShootAsync("change");
        Assert.DoesNotContain(fake.ApiKey, await page.ContentAsync());
        await page.Keyboard.PressAsync("Escape");
        Assert.Empty(browser.Complaints);
    }
}
