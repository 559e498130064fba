using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

[Collection(AloneCollection.Name)]
public sealed class KnowledgeBrowserTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 1280)]
    [InlineData("light", 360)]
    public async Task Documents_become_searchable_and_are_maintained_in_the_browser(string scheme, int width)
    {
        var pdf = SharedFolder.PathOf("documents/layout-parser-paper-fast.pdf");
        var docx = SharedFolder.PathOf("documents/handbook-1p.docx");
        await using var host = new DifyHost();
        var address = host.StartOnPort();
        await host.Get<SetupService>().SetUpAsync("ada@example.com", "Ada", "secret-1234", null, null, Cancel);
        await using var browser = await BrowserSession.StartAsync(address, scheme, width, width < 600 ? 740 : 860);
        var page = browser.Page;
        async Task ShootAsync(string name) => await browser.ShootAsync($"knowledge-{scheme}-{width}-{name}");
        ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

        await page.GotoAsync("/signin?redirect_url=%2Fdatasets");
        await page.Locator("#email").FillAsync("ada@example.com");
        await page.Locator("#password").FillAsync("secret-1234");
        await page.Locator("#sign-in").ClickAsync();
        await page.GetByText("No knowledge yet").WaitForAsync();
        await ShootAsync("list-empty");

        await page.GetByRole(AriaRole.Link, new() { Name = "Create knowledge" }).ClickAsync();
        await page.GetByText("Drag files here, or").WaitForAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync([
            new FilePayload { Name = "program.exe", MimeType = "application/octet-stream", Buffer = [1, 2, 3] }]);
        await page.GetByText("This kind of file cannot be read.").WaitForAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync([pdf, docx]);
        await page.GetByText("KB", new() { Exact = false }).Last.WaitForAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Paste text" }).ClickAsync();
        await page.Locator("[data-text-title]").FillAsync("Refund policy");
        await page.Locator("[data-text]").FillAsync("Refunds are paid within seven days.\n\n退款政策：签收后七天内可以退款。");
        await Button("Add text").ClickAsync();
        await page.GetByText("Refund policy.txt").WaitForAsync();
        await Assertions.Expect(Button("Next")).ToBeEnabledAsync();
        await ShootAsync("wizard-1");

        await Button("Next").ClickAsync();
        await page.GetByText("Chunk-01", new() { Exact = false }).First.WaitForAsync();
        await ShootAsync("wizard-2");
        await page.GetByText("Custom", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Maximum length").FillAsync("10");
        await page.GetByText("The maximum length must lie between").WaitForAsync();
        await Assertions.Expect(Button("Save and process")).ToBeDisabledAsync();
        await page.GetByLabel("Maximum length").FillAsync("500");
        await page.GetByText("Full-text search").ScrollIntoViewIfNeededAsync();
        await ShootAsync("wizard-2b");
        await page.Locator("#knowledge-name").FillAsync("Papers and policies");
        await Button("Save and process").ClickAsync();
        await page.GetByText("Your documents are processed").WaitForAsync(new() { Timeout = 60_000 });
        Assert.Contains("batch=", page.Url, StringComparison.Ordinal);
        await ShootAsync("wizard-3");

        await page.GetByRole(AriaRole.Link, new() { Name = "Go to documents" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "layout-parser-paper-fast.pdf" }).WaitForAsync();
        await page.GetByLabel("Select Refund policy.txt").CheckAsync();
        await page.GetByText("1 selected").WaitForAsync();
        await ShootAsync("documents");
        await page.GetByRole(AriaRole.Toolbar).GetByText("Disable").ClickAsync();
        await page.GetByText("Disabled", new() { Exact = true }).Last.WaitForAsync();
        await page.GetByLabel("Select Refund policy.txt").CheckAsync();
        await page.GetByRole(AriaRole.Toolbar).GetByText("Enable").ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "layout-parser-paper-fast.pdf" }).ClickAsync();
        await page.GetByText("How it was cut").WaitForAsync();
        await ShootAsync("document");
        await Button("Edit chunk 1").ClickAsync();
        await page.GetByLabel("Text of the chunk").FillAsync("LayoutParser is a toolkit; its mascot is a zebra.");
        await ShootAsync("segment");
        await Button("Save").ClickAsync();
        await page.GetByText("Edited", new() { Exact = true }).WaitForAsync();
        await Button("Chunk settings").ClickAsync();
        await page.GetByText("Saving cuts the document anew").WaitForAsync();
        await page.GetByRole(AriaRole.Dialog).GetByText("Chunk-01", new() { Exact = false }).First.WaitForAsync();
        await ShootAsync("rule");
        await Button("Cancel").ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Retrieval test" }).ClickAsync();
        await page.Locator("#question").FillAsync("Which animal is the mascot of LayoutParser?");
        await Button("Test").ClickAsync();
        await page.GetByText("its mascot is a zebra", new() { Exact = false }).WaitForAsync();
        await ShootAsync("hit-testing");
        await Button("Settings").ClickAsync();
        await ShootAsync("hit-testing-settings");

        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Who can use it" }).WaitForAsync();
        await page.Locator("#knowledge-name").FillAsync("Papers");
        await page.GetByText("Chosen members").ClickAsync();
        await ShootAsync("settings");
        await Button("Save").ClickAsync();
        await page.GetByText("Saved.").WaitForAsync();
        await page.GotoAsync("/datasets");
        await page.GetByRole(AriaRole.Link, new() { Name = "Papers" }).WaitForAsync();
        await ShootAsync("list");
        Assert.Empty(browser.Complaints);
    }
}
