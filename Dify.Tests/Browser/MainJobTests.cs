using Dify.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

/// <summary>
/// The product's main job as a newcomer does it, from the first page to a cited answer of the published web app, once
/// with the built-in stand-in and once with a model behind OpenAI's wire.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class MainJobTests
{
    private const string Paper = "layout-parser-paper-fast.pdf";
    private const string Question = "What is LayoutParser?";
    private const string FakeAnswer = "LayoutParser is **an open-source library** for document image analysis.";

    [Fact]
    public async Task A_newcomer_gets_a_cited_answer_with_the_built_in_model()
    {
        await using var host = new DifyHost();
        await using var browser = await BrowserSession.StartAsync(host.StartOnPort());
        await InstallAsync(browser, "builtin");
        await UploadAsync(browser, "builtin");
        await BuildAsync(browser, "builtin", model: null, "LayoutParser");
        await AskPublishedAsync(browser, "builtin", "LayoutParser");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_newcomer_gets_a_cited_answer_with_a_model_behind_OpenAIs_wire()
    {
        await using var server = await FakeOpenAiServer.StartAsync();
        server.ApiKey = "sk-right";
        server.OnChat = _ => new FakeOpenAiReply(FakeAnswer) { PieceDelay = TimeSpan.FromMilliseconds(5) };
        await using var host = new DifyHost();
        await using var browser = await BrowserSession.StartAsync(host.StartOnPort());
        await InstallAsync(browser, "openai");
        await ConnectAsync(browser, server.BaseUrl);
        await UploadAsync(browser, "openai");
        await BuildAsync(browser, "openai", "fake-chat", "an open-source library");
        await AskPublishedAsync(browser, "openai", "an open-source library");

        var prompt = server.Chats[^1]["messages"]!.AsArray().Select(m => m!["content"]!.ToString());
        Assert.Contains(prompt, text => text.Contains("LayoutParser", StringComparison.Ordinal) && text.Contains("<context>", StringComparison.Ordinal));
        Assert.Empty(browser.Complaints);
    }

    private static async Task InstallAsync(BrowserSession browser, string run)
    {
        var page = browser.Page;
        await page.GotoAsync("/");
        await page.WaitForURLAsync("**/install");
        await page.Locator("#email").FillAsync("ada@example.com");
        await page.Locator("#name").FillAsync("Ada Lovelace");
        await page.Locator("#password").FillAsync("secret-1234");
        await browser.ShootAsync($"main-{run}-install");
        await page.Locator("#install").ClickAsync();
        await page.WaitForURLAsync("**/apps");
        await page.Locator(".create-app").WaitForAsync();
        await browser.ShootAsync($"main-{run}-studio");
    }

    private static async Task ConnectAsync(BrowserSession browser, string baseUrl)
    {
        var page = browser.Page;
        await page.GotoAsync("/settings/model-providers");
        var card = page.Locator("article[aria-labelledby=provider-openai-compatible]");
        await card.GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync();
        await page.Locator("#field-base_url").FillAsync(baseUrl);
        await page.Locator("#field-api_key").FillAsync("sk-wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check and save" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).First.WaitForAsync();
        await browser.ShootAsync("main-openai-wrong-key");
        await page.Locator("#field-api_key").FillAsync("sk-right");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check and save" }).ClickAsync();
        await card.GetByText("2 models").WaitForAsync();
        await browser.ShootAsync("main-openai-connected");
    }

    private static async Task UploadAsync(BrowserSession browser, string run)
    {
        var page = browser.Page;
        await page.GotoAsync("/datasets");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Knowledge", Level = 1 }).WaitForAsync();
        await browser.ShootAsync($"main-{run}-knowledge");
        await page.GotoAsync("/datasets/create");
        await page.Locator(".sources[data-ready]").WaitForAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync(SharedFolder.PathOf($"documents/{Paper}"));
        await page.GetByText(Paper).WaitForAsync();
        await browser.ShootAsync($"main-{run}-upload");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next", Exact = true }).ClickAsync();
        await page.Locator(".preview ol li").First.WaitForAsync();
        await browser.ShootAsync($"main-{run}-chunks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and process" }).ClickAsync();
        await page.GetByText("Your documents are processed").WaitForAsync(new() { Timeout = 60_000 });
        await browser.ShootAsync($"main-{run}-processed");
        await page.GetByRole(AriaRole.Link, new() { Name = "Go to documents" }).ClickAsync();
        await page.WaitForURLAsync("**/documents");
        await page.Locator(".status.good").First.WaitForAsync();
        await browser.ShootAsync($"main-{run}-documents");
    }

    private static async Task BuildAsync(BrowserSession browser, string run, string? model, string expected)
    {
        var page = browser.Page;
        await page.GotoAsync("/apps");
        await page.Locator(".create-app").ClickAsync();
        await page.Locator("#app-name").FillAsync("Paper assistant");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/configuration");

        await page.Locator("#instructions").FillAsync("Answer from the paper. Say so when it has no answer.");
        await page.Locator(".add-knowledge").ClickAsync();
        await page.Locator(".mud-dialog li label").First.ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        if (model is not null)
        {
            await page.Locator(".model-picker .current").ClickAsync();
            await page.GetByRole(AriaRole.Option, new() { Name = model }).ClickAsync();
        }

        await page.Locator("[data-state=Saved]").WaitForAsync();
        await AskAsync(page, expected);
        await browser.ShootAsync($"main-{run}-orchestrate");
        await page.Locator(".publish-button").ClickAsync();
        await page.GetByText("The web app and the API answer with it now.").WaitForAsync();
    }

    private static async Task AskPublishedAsync(BrowserSession browser, string run, string expected)
    {
        var page = browser.Page;
        await page.GotoAsync("/explore");
        var link = page.Locator("a[href*='/chat/']").First;
        var address = await link.GetAttributeAsync("href");
        await browser.ShootAsync($"main-{run}-explore");
        await page.GotoAsync(address!);
        await AskAsync(page, expected);
        await browser.ShootAsync($"main-{run}-answer");
        await page.Locator(".citations .chip").First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        Assert.Contains(Paper, await page.GetByRole(AriaRole.Dialog).InnerTextAsync(), StringComparison.Ordinal);
        await browser.ShootAsync($"main-{run}-citation");
        await page.Keyboard.PressAsync("Escape");

        // The answer is stored: it stands there again after the page was opened anew.
        await page.ReloadAsync();
        await page.GetByText(expected).First.WaitForAsync();
        await page.Locator(".citations .chip").First.WaitForAsync();
    }

    private static async Task AskAsync(IPage page, string expected)
    {
        var box = page.Locator(".composer textarea").Last;
        await box.FillAsync(Question);
        await box.PressAsync("Enter");
        await page.Locator(".citations .chip").First.WaitForAsync(new() { Timeout = 30_000 });
        await page.GetByText(expected).First.WaitForAsync();
    }
}
