using System.Text.RegularExpressions;
using Dify.Core.Apps;
using Dify.Core.Workflows.Drafts;
using Dify.Tests.Chat;
using Dify.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

/// <summary>A workflow from its steps to its web app in a real browser.</summary>
[Collection(AloneCollection.Name)]
public sealed class WorkflowBrowserTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 1280)]
    [InlineData("light", 360)]
    public async Task A_workflow_is_read_run_watched_stopped_published_and_used(string theme, int width)
    {
        await using var world = await ChatWorld.CreateAsync(listens: true, stop: Stop);
        var app = await world.Host.Get<AppService>().CreateAsync(world.Owner, new NewApp("Topic writer", AppMode.Workflow) { Icon = "✍️", Description = "Writes a few lines on a topic." }, Stop);
        await world.Host.Get<WorkflowDraftService>().SaveAsync(world.Owner, app.Id, SampleWorkflow.Content, cancellationToken: Stop);
        var held = new TaskCompletionSource();
        world.Model.OnChat = _ => new FakeOpenAiReply("Warm words about **tea** and more.") { HoldAfterFirstPiece = held.Task };
        await using var browser = await BrowserSession.StartAsync(world.Address, theme, width, width < 600 ? 740 : 860);
        var page = browser.Page;
        async Task ShootAsync(string name) => await browser.ShootAsync($"workflow-{theme}-{width}-{name}");
        async Task StepsAsync()
        {
            if (width < 600)
            {
                await page.GetByRole(AriaRole.Button, new() { Name = "Steps", Exact = true }).ClickAsync();
            }
        }

        await page.GotoAsync("/signin");
        await page.Locator("#email").FillAsync("owner@example.com");
        await page.Locator("#password").FillAsync("passw0rd1");
        await page.Locator("#sign-in").ClickAsync();
        await page.WaitForURLAsync("**/apps");
        await page.GetByRole(AriaRole.Link, new() { Name = "Topic writer" }).WaitForAsync();
        await ShootAsync("studio");
        await page.GetByRole(AriaRole.Link, new() { Name = "Topic writer" }).ClickAsync();
        await page.WaitForURLAsync($"**/app/{app.Id}/workflow");
        var rows = page.Locator("[data-row]");
        await Assertions.Expect(rows).ToHaveCountAsync(9);
        await ShootAsync("steps");

        // The steps are read with the arrow keys, a step opens with Enter.
        await rows.First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[data-panel-node=points]").WaitForAsync();
        await page.GetByText("javascript", new() { Exact = true }).WaitForAsync();
        await ShootAsync("settings");

        // A run without what it needs is refused where it is missing; then each step is seen to run.
        await page.Locator(".open-run").ClickAsync();
        await page.Locator(".start-run").ClickAsync();
        await page.GetByText("Needed to run.").WaitForAsync();
        await page.Locator("#input-topic").FillAsync("Tea");
        await page.Locator("#input-notes").FillAsync("Kind and short.");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "tea.txt", MimeType = "text/plain", Buffer = "Tea is old."u8.ToArray() });
        await page.GetByText("tea.txt").WaitForAsync();
        await Assertions.Expect(page.Locator("progress")).ToHaveCountAsync(0);
        await ShootAsync("form");
        await page.Locator(".start-run").ClickAsync();
        await page.Locator(".run .tail").WaitForAsync();
        await ShootAsync("streaming");
        await StepsAsync();
        await page.Locator("[data-row][data-node=writer][data-state=Running]").WaitForAsync();
        await page.Locator("[data-row][data-node=each][data-state=Succeeded]").WaitForAsync();
        await page.Locator("[data-row][data-node=end][data-state=Pending]").WaitForAsync();
        await ShootAsync("running");

        // Leaving does not stop it, and coming back shows it again.
        await page.ReloadAsync();
        await page.Locator("[data-row][data-node=writer][data-state=Running]").WaitForAsync();
        held.SetResult();
        await page.Locator("[data-row][data-node=end][data-state=Succeeded]").WaitForAsync();
        await page.Locator("[data-row][data-node=plain][data-state=Skipped]").WaitForAsync();
        await StepsAsync();
        await page.Locator("[data-row][data-node=writer]").ClickAsync();
        await page.GetByText("Write about Tea").First.WaitForAsync();
        await ShootAsync("last-run");
        await page.Locator(".open-run").ClickAsync();
        await page.Locator("strong", new() { HasText = "tea" }).First.WaitForAsync();
        await ShootAsync("result");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Detail" }).ClickAsync();
        await ShootAsync("detail");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Tracing" }).ClickAsync();
        await page.Locator(".step[data-node=each] .head").First.ClickAsync();
        await page.GetByText("Round 3").First.WaitForAsync();
        await page.Locator(".step[data-node=each] .step[data-node=line] .head").Last.ClickAsync();
        await page.GetByText("Tea soon").First.WaitForAsync();
        await ShootAsync("tracing");

        // A long run is stopped.
        var never = new TaskCompletionSource();
        world.Model.OnChat = _ => new FakeOpenAiReply("Never ending words.") { HoldAfterFirstPiece = never.Task };
        await page.GetByRole(AriaRole.Tab, new() { Name = "Input" }).ClickAsync();
        await Assertions.Expect(page.Locator("#input-topic")).ToHaveValueAsync("Tea");
        await page.Locator(".start-run").ClickAsync();
        await page.Locator(".run .tail", new() { HasText = "Never" }).WaitForAsync();
        await page.Locator(".stop-run").ClickAsync();
        await page.Locator(".run[data-state=Stopped]").WaitForAsync();
        await ShootAsync("stopped");
        never.SetResult();

        await RunOneStepAsync(page, StepsAsync);
        await ShootAsync("one-step");
        await page.Locator("[data-side=history]").ClickAsync();
        await Assertions.Expect(page.Locator("button.run")).ToHaveCountAsync(2);
        await ShootAsync("history");
        await page.Locator("[data-side=issues]").ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Checks" }).WaitForAsync();
        await ShootAsync("checks");

        await page.Locator(".publish-button").ClickAsync();
        await page.Locator("#version-name").FillAsync("First words");
        await page.Locator("#version-note").FillAsync("Writes warm and dry.");
        await ShootAsync("publish");
        await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await page.GetByText("The web app and the API run it now.").WaitForAsync();
        await page.Locator("[data-side=versions]").ClickAsync();
        await page.GetByText("First words").WaitForAsync();
        await ShootAsync("versions");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await UseSiteAsync(world, page, app, ShootAsync);
        await ReadLogsAsync(page, app, ShootAsync);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.GotoAsync($"/app/{app.Id}/develop");
        await page.GetByText("/workflows/run").First.WaitForAsync();
        await ShootAsync("develop");
        Assert.Empty(browser.Complaints);
    }

    private static async Task RunOneStepAsync(IPage page, Func<Task> steps)
    {
        await steps();
        await page.Locator("[data-row][data-node=plain]").ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Run this step" }).ClickAsync();
        await Assertions.Expect(page.Locator("#step-starttopic")).ToHaveValueAsync("Tea");
        await page.Locator("#step-starttopic").FillAsync("Rain");
        await page.Locator(".run-step").ClickAsync();
        await page.GetByText("Rain. That is all.").First.WaitForAsync();
    }

    private static async Task UseSiteAsync(ChatWorld world, IPage page, App app, Func<string, Task> shoot)
    {
        var held = new TaskCompletionSource();
        world.Model.OnChat = _ => new FakeOpenAiReply("## Rain\n\nIt falls on **everyone**.") { HoldAfterFirstPiece = held.Task };
        await page.GotoAsync($"/workflow/{app.SiteCode}");
        await page.Locator("#input-topic").WaitForAsync();
        await shoot("site-empty");
        await page.Locator("#input-topic").FillAsync("Rain");
        await page.Locator(".start-run").ClickAsync();
        await page.WaitForURLAsync(new Regex($"/workflow/{app.SiteCode}/[0-9a-f-]{{36}}$"));
        await page.Locator(".steps li", new() { HasText = "Warm words" }).WaitForAsync();
        await shoot("site-running");
        await page.ReloadAsync();
        await page.Locator(".steps li", new() { HasText = "Warm words" }).WaitForAsync();
        held.SetResult();
        await page.Locator("strong", new() { HasText = "everyone" }).First.WaitForAsync();
        await Assertions.Expect(page.Locator("#input-topic")).ToHaveValueAsync("Rain");
        await shoot("site-result");
    }

    private static async Task ReadLogsAsync(IPage page, App app, Func<string, Task> shoot)
    {
        await page.GotoAsync($"/app/{app.Id}/logs");
        await Assertions.Expect(page.Locator(".line:not(.head)")).ToHaveCountAsync(1);
        await shoot("logs");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test runs" }).ClickAsync();
        await Assertions.Expect(page.Locator(".line:not(.head)")).ToHaveCountAsync(2);
        await page.GetByLabel("Status", new() { Exact = true }).SelectOptionAsync("Stopped");
        await Assertions.Expect(page.Locator(".line:not(.head)")).ToHaveCountAsync(1);
        await page.Locator(".started a").ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Tracing" }).ClickAsync();
        await page.Locator(".step[data-node=writer]").WaitForAsync();
        await shoot("run-page");
    }
}
