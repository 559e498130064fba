using System.Text.RegularExpressions;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Storage;
using Dify.Tests.Chat;
using Dify.Tests.Support;
using Dify.Tests.Web.Markdown;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;

namespace Dify.Tests.Browser;

/// <summary>The published web app in a real browser: what no test without one can tell.</summary>
[Collection(AloneCollection.Name)]
public sealed partial class SiteChatBrowserTests
{
    private const string Plan = """
        <think>
        The traveller wants a plan.
        </think>

        ## A plan for **Bern**

        Take the train at 9:04, see [the timetable](https://example.org/trains).

        | Train | From | Price |
        |---|---|--:|
        | IC 1 | Zürich | 26.50 |
        | IR 17 | Olten, with a very long name of a station that does not fit into a narrow page | 14.20 |

        ```python
        def price(trains: list[Train]) -> float:
            # the cheapest of all
            return min(t.price for t in trains if t.to == "Bern" and t.is_running_today_and_tomorrow)
        ```

        - [x] Tickets
        - [ ] Hotel

        ![A chart](https://tracker.example/x.png?q=secret)
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static AppModelConfig Config => ChatWorld.Config with
    {
        OpeningStatement = "Hello, where do you want to go?",
        SuggestedQuestions = ["How do I get to Bern?"],
    };

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 1280)]
    [InlineData("light", 360)]
    public async Task A_visitor_asks_and_reads_a_formatted_answer(string theme, int width)
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        world.Model.OnChat = _ => new FakeOpenAiReply(Plan) { PieceDelay = TimeSpan.FromMilliseconds(2) };
        await using var browser = await OpenAsync(world, theme, width);
        var page = browser.Page;
        await browser.ShootAsync($"chat-{theme}-{width}-opener");

        await page.GetByRole(AriaRole.Button, new() { Name = "How do I get to Bern?" }).ClickAsync();
        await page.Locator(".actions").WaitForAsync();
        await page.Locator("code.language-python .hljs-keyword").First.WaitForAsync();
        await page.Locator(".md-copy").ClickAsync();
        await page.GetByText("Copied").WaitForAsync();
        await browser.ShootAsync($"chat-{theme}-{width}-answer");

        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal("noopener noreferrer nofollow", await page.Locator("a[href='https://example.org/trains']").GetAttributeAsync("rel"));
        Assert.Matches(new Regex($"/chat/{world.App.SiteCode}/[0-9a-f-]{{36}}$"), page.Url);
        if (width < 800)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Open the list of conversations" }).ClickAsync();
            await page.Locator(".site.open .row .name").ClickAsync();
            await page.Locator(".site:not(.open)").WaitForAsync();
        }

        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Hostile_answers_run_nothing_and_ask_no_other_host()
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        await using var browser = await OpenAsync(world);
        var page = browser.Page;
        page.Dialog += (_, dialog) =>
        {
            browser.Complaints.Add($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        await AskAsync(page, "Begin");
        await page.Locator(".actions").WaitForAsync();
        await page.WaitForURLAsync(Address());
        await StoreAnswersAsync(world, Guid.Parse(page.Url[^36..]), HostileText.All.Select(row => row.Data));

        await page.ReloadAsync();
        for (var shown = 40; shown <= HostileText.All.Count; shown += 40)
        {
            await Assertions.Expect(page.Locator(".actions")).ToHaveCountAsync(shown);
            await page.Locator(".earlier").ClickAsync();
        }

        await Assertions.Expect(page.Locator(".actions")).ToHaveCountAsync(HostileText.All.Count + 1);
        await browser.ShootAsync("chat-hostile");
        Assert.Equal(0, await page.Locator(".markdown :is(script, iframe, svg, math, style, form, object)").CountAsync());

        // Some of them name files of this site that do not exist.
        Assert.DoesNotContain(browser.Complaints, c => !c.Contains("404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_goes_on_over_a_reload_of_the_page()
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        var gate = new TaskCompletionSource();
        world.Model.OnChat = _ => new FakeOpenAiReply("Beginning and middle and end.") { HoldAfterFirstPiece = gate.Task };
        await using var browser = await OpenAsync(world);
        var page = browser.Page;
        await AskAsync(page, "Tell me.");
        await page.Locator(".answer .markdown").WaitForAsync();
        await page.WaitForURLAsync(Address());
        await page.ReloadAsync();
        await page.Locator(".answer .markdown").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop answering" }).WaitForAsync();
        gate.SetResult();
        await page.GetByText("Beginning and middle and end.").First.WaitForAsync();
        await page.Locator(".actions").WaitForAsync();
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task An_answer_is_stopped_made_again_and_both_can_be_read()
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        var never = new TaskCompletionSource();
        world.Model.OnChat = _ => new FakeOpenAiReply("Half of what was to come.") { HoldAfterFirstPiece = never.Task };
        await using var browser = await OpenAsync(world);
        var page = browser.Page;
        await AskAsync(page, "Tell me.");
        await page.Locator(".answer .markdown").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop answering" }).ClickAsync();
        await page.GetByText("Stopped", new() { Exact = true }).First.WaitForAsync();

        world.Model.OnChat = _ => new FakeOpenAiReply("The whole answer.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Answer again" }).ClickAsync();
        await page.Locator(".answer", new() { HasText = "The whole answer." }).WaitForAsync();
        await page.GetByText("2/2").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Earlier version" }).ClickAsync();
        await page.GetByText("1/2").WaitForAsync();
        Assert.DoesNotContain("The whole answer.", await page.Locator(".messages").InnerTextAsync(), StringComparison.Ordinal);

        await page.Locator(".question").HoverAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit the question" }).ClickAsync();
        await page.Locator(".edit textarea").FillAsync("Tell me more.");
        await page.Locator(".edit textarea").PressAsync("Enter");
        await page.GetByText("3/3").WaitForAsync();
        Assert.Equal("Tell me more.", await page.Locator("[data-question]").InnerTextAsync());
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Another_browser_sees_nothing_of_it()
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        await using var mine = await OpenAsync(world);
        await AskAsync(mine.Page, "My secret is zebrafish.");
        await mine.Page.Locator(".actions").WaitForAsync();

        await using var other = await BrowserSession.StartAsync(mine.Address);
        await other.Page.GotoAsync(new Uri(mine.Page.Url).PathAndQuery);
        await other.Page.GetByRole(AriaRole.Alert).WaitForAsync();
        await other.Page.GetByText("Your conversations will be listed here.").WaitForAsync();
        Assert.DoesNotContain("zebrafish", await other.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_box_keeps_its_text_minds_input_methods_and_takes_long_text()
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        await using var browser = await OpenAsync(world);
        var page = browser.Page;
        var box = page.Locator(".foot textarea");
        await box.FillAsync("line one");
        await box.PressAsync("Shift+Enter");
        await box.PressSequentiallyAsync("line two");
        await box.DispatchEventAsync("keydown", new { key = "Enter", isComposing = true, bubbles = true });
        Assert.Equal(0, await page.Locator("[data-question]").CountAsync());

        await page.ReloadAsync();
        await page.Locator(".opener").WaitForAsync();
        await Assertions.Expect(box).ToHaveValueAsync("line one\nline two");
        await box.PressAsync("Enter");
        await page.Locator(".actions").WaitForAsync();
        Assert.Equal("line one\nline two", await page.Locator("[data-question]").InnerTextAsync());
        await Assertions.Expect(box).ToHaveValueAsync("");

        var longText = string.Concat(Enumerable.Repeat("Eins zwei drei. ", 2_500)).Trim();
        await box.FillAsync(longText);
        await box.PressAsync("Enter");
        await page.Locator(".actions").Nth(1).WaitForAsync();
        Assert.Equal(longText, await page.Locator("[data-question]").Nth(1).TextContentAsync());
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Reading_further_up_is_not_disturbed_and_a_button_leads_back()
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        var gate = new TaskCompletionSource();
        var lines = string.Join("\n\n", Enumerable.Range(1, 60).Select(i => $"Line {i}"));
        world.Model.OnChat = _ => new FakeOpenAiReply(lines);
        await using var browser = await OpenAsync(world);
        var page = browser.Page;
        await AskAsync(page, "Count.");
        await page.Locator(".actions").WaitForAsync();
        await Assertions.Expect(page.GetByText("Line 60")).ToBeInViewportAsync();

        world.Model.OnChat = _ => new FakeOpenAiReply(lines) { HoldAfterFirstPiece = gate.Task };
        await AskAsync(page, "Again.");
        await page.Locator(".answer .markdown").Nth(1).WaitForAsync();
        await page.Mouse.MoveAsync(700, 300);
        await page.Mouse.WheelAsync(0, -900);
        await page.Locator(".chat-panel[data-away]").WaitForAsync();
        var top = await page.Locator("[data-messages]").EvaluateAsync<double>("e => e.scrollTop");
        gate.SetResult();
        await page.Locator(".actions").Nth(1).WaitForAsync();
        Assert.Equal(top, await page.Locator("[data-messages]").EvaluateAsync<double>("e => e.scrollTop"), 1.0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Newest" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Line 60").Nth(1)).ToBeInViewportAsync();
        Assert.Equal(0, await page.Locator(".chat-panel[data-away]").CountAsync());
    }

    [Fact]
    public async Task Conversations_are_pinned_renamed_and_deleted()
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        await using var browser = await OpenAsync(world);
        var page = browser.Page;
        await AskAsync(page, "First talk");
        await page.Locator(".actions").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New chat" }).First.ClickAsync();
        await page.Locator(".opener .suggestion").WaitForAsync();
        await Assertions.Expect(page.Locator(".foot textarea")).ToHaveValueAsync("");
        await Assertions.Expect(page.Locator(".foot textarea")).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "How do I get to Bern?" }).ClickAsync();
        await page.Locator(".row").Nth(1).WaitForAsync();

        await MenuAsync(page, "First talk", "Pin");
        await page.GetByText("Pinned").WaitForAsync();
        Assert.Equal("First talk", await page.Locator(".row .name").First.InnerTextAsync());
        await MenuAsync(page, "First talk", "Rename");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Kept talk");
        await browser.ShootAsync("chat-rename");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.Locator(".row .name", new() { HasText = "Kept talk" }).WaitForAsync();
        await MenuAsync(page, "Kept talk", "Delete");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(page.Locator(".row")).ToHaveCountAsync(1);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_switched_off_app_is_not_available()
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        await world.Host.Get<AppService>().SetAccessAsync(world.Owner, world.App.Id, siteEnabled: false, apiEnabled: true, Stop);
        await using var browser = await BrowserSession.StartAsync(world.Address);
        await browser.Page.GotoAsync($"/chat/{world.App.SiteCode}");
        await browser.Page.GetByRole(AriaRole.Heading, new() { Name = "This chat is not available" }).WaitForAsync();
        await browser.ShootAsync("chat-missing");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_page_left_open_stops_answering_when_the_app_is_switched_off()
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        await using var browser = await OpenAsync(world);
        await world.Host.Get<AppService>().SetAccessAsync(world.Owner, world.App.Id, siteEnabled: false, apiEnabled: true, Stop);
        await AskAsync(browser.Page, "Still there?");
        await browser.Page.GetByRole(AriaRole.Alert).WaitForAsync();
        await Assertions.Expect(browser.Page.Locator(".foot textarea")).ToHaveValueAsync("Still there?");
        Assert.Empty(world.Model.Chats);
    }

    [Fact]
    public async Task Earlier_messages_come_in_above_what_is_being_read()
    {
        await using var world = await ChatWorld.CreateAsync(Config, listens: true, stop: Stop);
        await using var browser = await OpenAsync(world);
        var page = browser.Page;
        await AskAsync(page, "Begin");
        await page.Locator(".actions").WaitForAsync();
        await page.WaitForURLAsync(Address());
        await StoreAnswersAsync(world, Guid.Parse(page.Url[^36..]), Enumerable.Range(1, 60).Select(i => $"Answer {i}"));
        await page.ReloadAsync();
        await page.Locator(".earlier").ScrollIntoViewIfNeededAsync();
        await page.Locator(".chat-panel[data-away]").WaitForAsync();
        var read = page.Locator("[data-question]").First;
        var text = await read.InnerTextAsync();
        var before = await read.EvaluateAsync<double>("e => e.getBoundingClientRect().top");
        await page.Locator(".earlier").ClickAsync();
        await Assertions.Expect(page.Locator(".actions")).ToHaveCountAsync(61);
        var after = await page.Locator("[data-question]").GetByText(text, new() { Exact = true }).EvaluateAsync<double>("e => e.getBoundingClientRect().top");
        Assert.InRange(after - before, -80, 80);
    }

    private static async Task<BrowserSession> OpenAsync(ChatWorld world, string theme = "light", int width = 1280)
    {
        var browser = await BrowserSession.StartAsync(world.Address, theme, width, width < 800 ? 740 : 860);
        await browser.Page.GotoAsync($"/chat/{world.App.SiteCode}");
        await browser.Page.Locator(".opener").WaitForAsync();
        return browser;
    }

    private static async Task StoreAnswersAsync(ChatWorld world, Guid conversation, IEnumerable<string> answers)
    {
        await using var db = await world.Host.Get<IDbContextFactory<DifyDbContext>>().CreateDbContextAsync(Stop);
        var last = await db.Set<Message>().SingleAsync(m => m.ConversationId == conversation, Stop);
        foreach (var answer in answers)
        {
            last = new Message
            {
                WorkspaceId = last.WorkspaceId, AppId = last.AppId, ConversationId = conversation, ParentMessageId = last.Id,
                RunId = Guid.CreateVersion7(), Query = answer, Answer = answer, Status = MessageStatus.Normal,
                InvokeFrom = last.InvokeFrom, CreatedAt = last.CreatedAt.AddSeconds(1),
            };
            db.Add(last);
        }

        await db.SaveChangesAsync(Stop);
    }

    private static async Task AskAsync(IPage page, string question)
    {
        await page.Locator(".foot textarea").FillAsync(question);
        await page.Locator(".foot textarea").PressAsync("Enter");
    }

    private static async Task MenuAsync(IPage page, string conversation, string entry)
    {
        await page.Locator(".row", new() { HasText = conversation }).HoverAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"More for {conversation}" }).ClickAsync();
        await page.Locator(".mud-menu-item", new() { HasText = entry }).First.ClickAsync();
    }

    [GeneratedRegex("/chat/[^/]+/[0-9a-f-]{36}$")]
    private static partial Regex Address();
}
