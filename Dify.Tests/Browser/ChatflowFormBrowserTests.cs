using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Workflows.Drafts;
using Dify.Tests.Chat;
using Dify.Tests.Support;
using Dify.Tests.Workflows;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

[Collection(AloneCollection.Name)]
public sealed class ChatflowFormBrowserTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 360)]
    public async Task A_visitor_answers_the_form_within_the_answer_and_the_answer_goes_on(string theme, int width)
    {
        await using var world = await ChatWorld.CreateAsync(listens: true, stop: Stop);
        var app = await CreateAsync(world);
        await using var browser = await BrowserSession.StartAsync(world.Address, theme, width);
        var page = browser.Page;
        await page.GotoAsync($"/chat/{app.SiteCode}");
        await page.GetByRole(AriaRole.Textbox).FillAsync("Book a train to Bern");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".answer .forms").GetByRole(AriaRole.Button, new() { Name = "Book it" }).WaitForAsync();
        await page.Locator(".process summary").GetByText("Waiting for a person").WaitForAsync();
        await browser.ShootAsync($"chatflow-form-{theme}-{width}");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await page.ReloadAsync();
        var form = page.Locator(".answer .forms");
        await form.GetByRole(AriaRole.Textbox).FillAsync("Take the early one.");
        await form.GetByRole(AriaRole.Button, new() { Name = "Book it" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[data-action=copy]").WaitForAsync();
        Assert.Equal("I found a train. Booked: Take the early one.", (await page.Locator(".answer .markdown").InnerTextAsync()).Trim());
        Assert.Equal(0, await form.CountAsync());
        await browser.ShootAsync($"chatflow-form-{theme}-{width}-done");
        Assert.Empty(browser.Complaints);
    }

    private static async Task<App> CreateAsync(ChatWorld world)
    {
        var form = JsonNode.Parse("""
            {"title": "Confirm the booking", "delivery_methods": [{"id": "w", "type": "webapp", "enabled": true}],
             "form_content": "The train leaves at **9:04**. Anything to add? {{#$output.why#}}",
             "inputs": [{"type": "paragraph", "output_variable_name": "why"}],
             "user_actions": [{"id": "yes", "title": "Book it", "button_style": "primary"}, {"id": "no", "title": "Leave it", "button_style": "default"}],
             "timeout": 3, "timeout_unit": "day"}
            """)!.AsObject();
        var graph = new TestGraph().Answer("a1", "I found a train. ").Node("h", "human-input", form).Answer("a2", "Booked: {{#h.why#}}")
            .Path("s", "a1", "h").Edge("h", "a2", "yes");
        var apps = world.Host.Get<AppService>();
        var app = await apps.CreateAsync(world.Owner, new NewApp("Traveller", AppMode.AdvancedChat), Stop);
        await world.Host.Get<WorkflowDraftService>().SaveAsync(world.Owner, app.Id, new WorkflowContent { Graph = graph.ToJson() }, cancellationToken: Stop);
        return await apps.PublishAsync(world.Owner, app.Id, Stop);
    }
}
