using System.Text.Json;
using Dify.Core.Apps;
using Dify.Core.Knowledge;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

[Collection(AloneCollection.Name)]
public sealed class StudioBrowserTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 1280)]
    [InlineData("light", 360)]
    public async Task A_chatbot_is_created_written_published_and_opened_to_programs(string scheme, int width)
    {
        await using var host = new DifyHost();
        var address = host.StartOnPort();
        await host.Get<SetupService>().SetUpAsync("ada@example.com", "Ada", "secret-1234", null, null, Cancel);
        await using var browser = await BrowserSession.StartAsync(address, scheme, width, width < 600 ? 740 : 860);
        var page = browser.Page;
        async Task ShootAsync(string name) => await browser.ShootAsync($"studio-{scheme}-{width}-{name}");
        async Task PaneAsync(string name)
        {
            if (width < 600)
            {
                await page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
            }
        }

        await page.GotoAsync("/signin");
        await page.Locator("#email").FillAsync("ada@example.com");
        await page.Locator("#password").FillAsync("secret-1234");
        await page.Locator("#sign-in").ClickAsync();
        await page.WaitForURLAsync("**/apps");
        await page.GetByText("Build your first assistant").WaitForAsync();
        await ShootAsync("first-steps");

        await page.Locator(".create-app").ClickAsync();
        await page.Locator("#app-name").FillAsync("Travel desk");
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose an icon" }).ClickAsync();
        await page.GetByLabel("✈️").CheckAsync(new() { Force = true });
        await ShootAsync("create");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/configuration");

        var instructions = page.Locator("#instructions");
        await instructions.ClickAsync();
        await instructions.PressSequentiallyAsync("You plan trips to {{city}} in ");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add “city” as a variable" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit city" }).WaitForAsync();
        await instructions.ClickAsync();
        await instructions.PressAsync("End");
        await instructions.PressSequentiallyAsync("/");
        await page.GetByRole(AriaRole.Option, new() { Name = "New variable…" }).WaitForAsync();
        await ShootAsync("suggestions");
        await page.GetByRole(AriaRole.Option, new() { Name = "New variable…" }).ClickAsync();
        await page.GetByText("Select", new() { Exact = true }).ClickAsync();
        await page.Locator("#variable-name").FillAsync("season");
        await page.GetByLabel("Option 1", new() { Exact = true }).FillAsync("summer");
        await ShootAsync("variable");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(instructions).ToHaveValueAsync("You plan trips to {{city}} in {{season}}");
        await page.Locator("[data-state=Saved]").WaitForAsync();
        await page.Locator(".add-question").ClickAsync();
        await page.GetByLabel("Question 1", new() { Exact = true }).FillAsync("Where is it warm?");
        await page.Locator("#opener").FillAsync("Hello! Where to?");
        await page.GetByText("Saved ", new() { Exact = false }).First.WaitForAsync();
        await ShootAsync("orchestrate");
        await PaneAsync("Preview");
        await page.GetByText("Hello! Where to?").Last.WaitForAsync();
        await ShootAsync("preview");
        await PaneAsync("Configure");

        await page.Locator(".publish-button").ClickAsync();
        await page.GetByText("The web app and the API answer with it now.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish menu" }).ClickAsync();
        await page.GetByText("up to date").WaitForAsync();
        await ShootAsync("published");
        await page.GetByText("API access").Last.ClickAsync();
        await page.WaitForURLAsync("**/develop");

        await page.Locator(".create-key").ClickAsync();
        var token = await page.Locator(".token code").InnerTextAsync();
        Assert.StartsWith("app-", token, StringComparison.Ordinal);
        await ShootAsync("develop");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Streaming" }).ClickAsync();
        await page.GetByText("curl -N").ScrollIntoViewIfNeededAsync();
        await ShootAsync("examples");
        await page.ReloadAsync();
        await page.GetByText(token[..6], new() { Exact = false }).First.WaitForAsync();
        Assert.DoesNotContain(token, await page.ContentAsync(), StringComparison.Ordinal);

        await page.GotoAsync("/explore");
        await page.GetByText("Travel desk").WaitForAsync();
        await ShootAsync("explore");
        await page.GotoAsync("/tools");
        await page.GetByText("/v1/chat-messages").First.WaitForAsync();
        await ShootAsync("tools");
        var link = await page.Locator("a[href$='openapi.json']").First.GetAttributeAsync("href");
        var described = await (await page.APIRequest.GetAsync(address + link)).JsonAsync();
        var inputs = described!.Value.GetProperty("paths").GetProperty("/chat-messages").GetProperty("post").GetProperty("requestBody")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties").GetProperty("inputs");
        Assert.Equal("summer", inputs.GetProperty("properties").GetProperty("season").GetProperty("enum")[0].GetString());
        Assert.Equal(JsonValueKind.Array, inputs.GetProperty("required").ValueKind);

        await page.GotoAsync("/apps");
        await page.GetByText("Travel desk").WaitForAsync();
        await ShootAsync("apps");
        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 360)]
    public async Task Knowledge_is_added_and_the_preview_answers_from_the_unsaved_draft_with_its_sources(string scheme, int width)
    {
        await using var host = new DifyHost();
        var address = host.StartOnPort();
        var accountId = await host.Get<SetupService>().SetUpAsync("ada@example.com", "Ada", "secret-1234", null, null, Cancel);
        var owner = await host.Get<WorkspaceAccess>().GetActorAsync(accountId, cancellationToken: Cancel);
        var knowledge = (await host.Get<KnowledgeService>().CreateAsync(owner, new NewKnowledgeBase { Name = "House rules" }, Cancel)).KnowledgeBase;
        await host.Get<DocumentService>().AddAsync(
            owner, knowledge.Id,
            new NewDocuments
            {
                IndexingTechnique = IndexingTechnique.HighQuality,
                Texts = [new("pool.txt", "The pool opens at nine in the morning and closes at eight in the evening. Children need an adult.")],
            },
            Cancel);
        var app = await host.Get<AppService>().CreateAsync(owner, new NewApp("Concierge"), Cancel);
        await using var browser = await BrowserSession.StartAsync(address, scheme, width, width < 600 ? 740 : 860);
        var page = browser.Page;
        async Task ShootAsync(string name) => await browser.ShootAsync($"knowledge-{scheme}-{width}-{name}");

        await page.GotoAsync("/signin");
        await page.Locator("#email").FillAsync("ada@example.com");
        await page.Locator("#password").FillAsync("secret-1234");
        await page.Locator("#sign-in").ClickAsync();
        await page.WaitForURLAsync("**/apps");
        await page.GetByRole(AriaRole.Link, new() { Name = "Concierge" }).ClickAsync();
        await page.Locator(".add-knowledge").ClickAsync();
        await page.GetByLabel("House rules").CheckAsync();
        await ShootAsync("picker");
        await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "House rules" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Retrieval settings" }).ClickAsync();
        await page.GetByLabel("Score threshold: leave out weaker hits").CheckAsync();
        await page.GetByText("0.50").WaitForAsync();
        await page.GetByLabel("Top K: passages handed to the model").WaitForAsync();
        await page.GetByLabel("Lowest score").WaitForAsync();
        await page.GetByLabel("Follow-up", new() { Exact = true }).WaitForAsync();
        await page.GetByLabel("Citations", new() { Exact = true }).WaitForAsync();
        await ShootAsync("settings");
        await page.GetByLabel("Score threshold: leave out weaker hits").UncheckAsync();
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        if (width < 600)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Preview", Exact = true }).ClickAsync();
        }

        var question = page.Locator(".preview textarea");
        await question.FillAsync("When does the pool open?");
        await question.PressAsync("Enter");
        await page.Locator(".preview").GetByText("nine in the morning").First.WaitForAsync();
        await page.Locator(".preview").GetByText("pool.txt").First.WaitForAsync();
        await ShootAsync("answer");
        var stored = await host.Get<AppService>().GetAsync(owner, app.Id, Cancel);
        Assert.Null(stored.PublishedAt);

        await host.Get<AppService>().SaveDraftAsync(
            owner, app.Id, stored.Draft with { PrePrompt = "Theirs" }, (await host.Get<AppService>().GetAsync(owner, app.Id, Cancel)).DraftRevision, Cancel);
        if (width < 600)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Configure", Exact = true }).ClickAsync();
        }

        await page.Locator("#instructions").FillAsync("Mine");
        await page.GetByText("Someone else changed this app").WaitForAsync();
        await ShootAsync("conflict");
        await page.GetByRole(AriaRole.Button, new() { Name = "Load theirs" }).ClickAsync();
        await Assertions.Expect(page.Locator("#instructions")).ToHaveValueAsync("Theirs");

        // A page that is left at once still keeps what was typed, also what no single message to the server could hold.
        var typed = "Typed and left. " + string.Concat(Enumerable.Repeat("Ünd lang. ", 6_000));
        await page.Locator("#instructions").FillAsync(typed);
        await page.GetByRole(AriaRole.Link, new() { Name = "API access" }).First.ClickAsync();
        await page.WaitForURLAsync("**/develop");
        Assert.Equal(typed, (await host.Get<AppService>().GetAsync(owner, app.Id, Cancel)).Draft.PrePrompt);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.GotoAsync("/tools");
        await page.Locator("#keys .create-key").WaitForAsync();
        await ShootAsync("tools");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(browser.Complaints);
    }
}
