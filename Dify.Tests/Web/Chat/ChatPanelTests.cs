using System.Text.Json.Nodes;
using Bunit;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Web.Components.Pages.Chat;
using Xunit;

namespace Dify.Tests.Web.Chat;

public sealed class ChatPanelTests : IAsyncDisposable
{
    private readonly ChatFixture _fixture = new();

    private ScriptedChat Chat => _fixture.Chat;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_new_conversation_opens_with_the_opener_and_its_questions_and_a_click_asks()
    {
        await using var fixture = new ChatFixture(new AppModelConfig
        {
            OpeningStatement = "Hello {{name}}, **welcome**.",
            SuggestedQuestions = ["What is {{name}}?"],
            UserInputForm = [new UserInputField("text-input", new UserInput { Variable = "name", Label = "Name" })],
        });
        var panel = fixture.Render(inputs: new JsonObject { ["name"] = "Ann" });

        Assert.Contains("Hello Ann, <strong>welcome</strong>.", panel.Find(".opener").InnerHtml, StringComparison.Ordinal);
        await panel.Find(".opener .suggestion").ClickAsync();

        Assert.Equal("What is Ann?", Assert.Single(fixture.Chat.Requests).Query);
        Assert.Empty(panel.FindAll(".opener .suggestion"));
        Assert.Equal(fixture.Chat.Conversation.Id, Assert.Single(fixture.Conversations));
    }

    [Fact]
    public async Task An_answer_is_shown_while_it_comes_and_stays_when_it_has_come()
    {
        var panel = _fixture.Render();
        Assert.True(await panel.TypeAsync("Hi"));
        Assert.Equal("Hi", panel.Find("[data-question]").TextContent);
        Assert.NotNull(panel.Find(".waiting"));
        Assert.NotNull(panel.Find(".stop"));

        Chat.Say("One **two");
        panel.WaitForAssertion(() => Assert.Contains("One **two", panel.Find(".answer .markdown").TextContent, StringComparison.Ordinal));
        Chat.Say("**");
        _fixture.Time.Advance(LiveAnswer.ShortestStep);
        panel.WaitForAssertion(() =>
        {
            _fixture.Time.Advance(LiveAnswer.ShortestStep);
            Assert.Contains("<strong>two</strong>", panel.Find(".answer .markdown").InnerHtml, StringComparison.Ordinal);
        });

        Chat.Finish("One **two**");
        panel.WaitForAssertion(() => Assert.Empty(panel.FindAll(".stop")));
        Assert.Contains("<strong>two</strong>", panel.Find(".answer .markdown").InnerHtml, StringComparison.Ordinal);
        Assert.Contains("2.0 s", panel.Find(".actions").TextContent, StringComparison.Ordinal);
        Assert.Equal("One **two**", panel.Find("[aria-live=polite]").TextContent);
    }

    [Fact]
    public async Task While_an_answer_comes_only_that_answer_renders()
    {
        var earlier = Chat.Store("Before", "Done.");
        var panel = _fixture.Render(Chat.Conversation.Id);
        await panel.TypeAsync("Hi");
        var turns = panel.FindComponents<ChatTurnView>();
        var before = (panel.RenderCount, turns[0].RenderCount, turns[1].RenderCount);

        for (var i = 0; i < 20; i++)
        {
            Chat.Say($"word{i} ");
            panel.WaitForAssertion(() =>
            {
                _fixture.Time.Advance(LiveAnswer.ShortestStep);
                Assert.Contains($"word{i}", panel.FindComponent<LiveAnswerView>().Markup, StringComparison.Ordinal);
            });
        }

        Assert.Equal(earlier.Id, turns[0].Instance.Entry.Message.Id);
        Assert.Equal(before.Item2, turns[0].RenderCount);
        Assert.True(panel.FindComponent<LiveAnswerView>().RenderCount > 10);
    }

    [Fact]
    public async Task Stop_stops_the_run_and_what_had_come_stays()
    {
        var panel = _fixture.Render();
        await panel.TypeAsync("Hi");
        Chat.Say("Half");
        await panel.Find(".stop").ClickAsync();
        Assert.Equal(Chat.Messages[0].RunId, Assert.Single(Chat.Stopped));
        Assert.True(panel.Find(".stop").HasAttribute("disabled"));

        Chat.Finish("Half", MessageStatus.Stopped);
        panel.WaitForAssertion(() => Assert.Contains("Stopped", panel.Find(".actions").TextContent, StringComparison.Ordinal));
        Assert.Contains("Half", panel.Find(".answer .markdown").TextContent, StringComparison.Ordinal);
        Assert.True(await panel.TypeAsync("Next"));
    }

    [Fact]
    public async Task A_failed_answer_says_what_to_do_and_can_be_tried_again()
    {
        var panel = _fixture.Render();
        await panel.TypeAsync("Hi");
        Chat.Finish("", MessageStatus.Error, m => (m.Error, m.ErrorCode) = ("The key was refused. Check it in Settings.", "made_up_code"));
        panel.WaitForAssertion(() => Assert.Contains("The key was refused. Check it in Settings.", panel.Find("[role=alert]").TextContent, StringComparison.Ordinal));

        await panel.Find(".retry").ClickAsync();
        Assert.Equal(2, Chat.Requests.Count);
        Assert.Equal("Hi", Chat.Requests[1].Query);
        Assert.Null(Chat.Requests[1].ParentMessageId);
        Assert.False(Chat.Requests[1].FollowsLatest);
    }

    [Fact]
    public async Task A_refused_question_stays_in_the_box_and_the_panel_says_why()
    {
        Chat.Refusal = DifyException.Invalid("The app was switched off.");
        var panel = _fixture.Render();
        Assert.False(await panel.TypeAsync("Hi"));
        Assert.Contains("The app was switched off.", panel.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll("[data-question]"));
    }

    [Fact]
    public async Task Nothing_is_sent_while_an_answer_comes_and_nothing_empty()
    {
        var panel = _fixture.Render();
        Assert.False(await panel.TypeAsync("  \n "));
        await panel.TypeAsync("Hi");
        Assert.False(await panel.TypeAsync("And this"));
        Assert.Single(Chat.Requests);
    }

    [Fact]
    public async Task A_question_follows_the_answer_above_it()
    {
        var first = Chat.Store("One", "1");
        var panel = _fixture.Render(Chat.Conversation.Id);
        await panel.TypeAsync("Two");
        Assert.Equal(first.Id, Chat.Requests[0].ParentMessageId);
        Assert.Equal(Chat.Conversation.Id, Chat.Requests[0].ConversationId);
    }

    [Fact]
    public async Task Regenerating_makes_a_sibling_and_both_can_be_read()
    {
        var root = Chat.Store("Root", "r");
        Chat.Store("Q", "First answer", root);
        var panel = _fixture.Render(Chat.Conversation.Id);
        await panel.FindAll("[data-action=regenerate]")[1].ClickAsync();
        Assert.Equal(root.Id, Chat.Requests[0].ParentMessageId);
        Chat.Finish("Second answer");
        panel.WaitForAssertion(() => Assert.Contains("Second answer", panel.Markup, StringComparison.Ordinal));
        Assert.Contains("2/2", panel.Find(".siblings").TextContent, StringComparison.Ordinal);

        await panel.Find(".siblings button").ClickAsync();
        Assert.Contains("First answer", panel.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Second answer", panel.FindAll(".answer")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Editing_the_first_question_starts_a_new_root()
    {
        var root = Chat.Store("Old question", "a");
        Chat.Store("Follow-up", "b", root);
        var panel = _fixture.Render(Chat.Conversation.Id);
        await panel.Find("[data-edit]").ClickAsync();
        var editor = panel.FindComponents<ChatComposer>()[0];
        Assert.Equal("Old question", editor.Instance.InitialText);
        Assert.True(await editor.Instance.SendAsync("New question"));

        Assert.Null(Chat.Requests[0].ParentMessageId);
        Assert.False(Chat.Requests[0].FollowsLatest);
        Assert.Equal("New question", Assert.Single(panel.FindAll("[data-question]")).TextContent);
    }

    [Fact]
    public void A_run_that_goes_on_is_watched_again_when_its_conversation_is_opened()
    {
        Chat.Store("Hi", "", status: MessageStatus.Running);
        Chat.Say("Already said");
        var panel = _fixture.Render(Chat.Conversation.Id);
        panel.WaitForAssertion(() => Assert.Contains("Already said", panel.Find(".answer .markdown").TextContent, StringComparison.Ordinal));
        Assert.NotNull(panel.Find(".stop"));
        Chat.Finish("Already said and done");
        panel.WaitForAssertion(() => Assert.Contains("and done", panel.Find(".answer .markdown").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_without_events_here_is_asked_for_until_its_end_is_stored()
    {
        var message = Chat.Store("Hi", "", status: MessageStatus.Running);
        Chat.EndEvents();
        var panel = _fixture.Render(Chat.Conversation.Id);
        Assert.NotNull(panel.Find(".waiting"));
        (message.Status, message.Answer) = (MessageStatus.Normal, "Made elsewhere");
        panel.WaitForAssertion(() =>
        {
            _fixture.Time.Advance(TimeSpan.FromSeconds(6));
            Assert.Contains("Made elsewhere", panel.Markup, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_conversation_of_someone_else_is_not_shown()
    {
        Chat.Store("Secret", "secret");
        var panel = _fixture.Render(Guid.CreateVersion7());
        Assert.Contains("This conversation does not exist.", panel.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("ecret", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_conversation_shows_its_end_first()
    {
        Message? last = null;
        for (var i = 0; i < 60; i++)
        {
            last = Chat.Store($"question {i}", "answer", last);
        }

        var panel = _fixture.Render(Chat.Conversation.Id);
        Assert.Equal(40, panel.FindAll("[data-question]").Count);
        panel.Find(".earlier").Click();
        Assert.Equal(60, panel.FindAll("[data-question]").Count);
    }
}
