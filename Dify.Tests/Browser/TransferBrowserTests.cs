using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

[Collection(AloneCollection.Name)]
public sealed class TransferBrowserTests
{
    private const string Yaml = """
        version: 9.0.0
        app: {mode: workflow, name: Brought along, icon: video_game}
        workflow:
          environment_variables: [{name: KEY, value_type: secret, value: ''}]
          graph:
            edges: [{source: s, target: e}]
            nodes:
            - {id: s, type: custom, position: {x: 0, y: 0}, data: {type: start, title: Start, variables: []}}
            - {id: l, type: custom, position: {x: 0, y: 0}, data: {type: llm, title: Think, model: {provider: deepseek, name: deepseek-chat, mode: chat, completion_params: {}}, prompt_template: [], context: {enabled: false}}}
            - {id: e, type: custom, position: {x: 0, y: 0}, data: {type: end, title: End, outputs: []}}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_file_is_imported_set_up_and_downloaded_again()
    {
        await using var host = new DifyHost();
        var address = host.StartOnPort();
        await host.Get<SetupService>().SetUpAsync("ada@example.com", "Ada", "secret-1234", null, null, Cancel);
        await using var browser = await BrowserSession.StartAsync(address);
        var page = browser.Page;
        await page.GotoAsync("/signin");
        await page.Locator("#email").FillAsync("ada@example.com");
        await page.Locator("#password").FillAsync("secret-1234");
        await page.Locator("#sign-in").ClickAsync();

        await page.Locator(".import-app").ClickAsync();
        await page.Locator(".import[data-ready]").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Text", Exact = true }).ClickAsync();
        await page.Locator(".paste textarea").FillAsync("services: {}");
        await page.Locator(".do-import").ClickAsync();
        await Assertions.Expect(page.Locator(".import [role=alert]")).ToContainTextAsync("compose file");
        await page.Locator("input[type=file]").SetInputFilesAsync(
            new FilePayload { Name = "app.yml", MimeType = "application/yaml", Buffer = System.Text.Encoding.UTF8.GetBytes(Yaml) });
        await page.Locator(".do-import").ClickAsync();
        await Assertions.Expect(page.Locator(".import [role=alert]")).ToContainTextAsync("9.0.0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import anyway" }).ClickAsync();

        await page.WaitForURLAsync("**/setup");
        await Assertions.Expect(page.GetByText("there is no such provider here")).ToBeVisibleAsync();
        await page.Locator(".model-picker .current").ClickAsync();
        await page.Locator(".model-popover [role=option]").First.ClickAsync();
        await Assertions.Expect(page.GetByText("there is no such provider here")).ToHaveCountAsync(0);
        await page.Locator("#secret-KEY").FillAsync("s3cret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Everything is there")).ToBeVisibleAsync();
        await browser.ShootAsync("transfer-ready");

        await page.GetByRole(AriaRole.Button, new() { Name = "Actions for Brought along" }).ClickAsync();
        await page.GetByText("Export app file").ClickAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.Locator(".do-export").ClickAsync());
        Assert.Equal("Brought along.yml", file.SuggestedFilename);
        var text = await File.ReadAllTextAsync(await file.PathAsync(), Cancel);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        Assert.Contains("icon: video_game", text, StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }
}
