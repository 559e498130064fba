using System.Text.Json.Nodes;
using Bunit;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Web.Components.Pages.Chat;
using Xunit;

namespace Dify.Tests.Web.Chat;

public sealed class ChatPanelExtrasTests : IAsyncDisposable
{
    private readonly ChatFixture _fixture = new(new AppModelConfig { SuggestedQuestionsAfterAnswer = new FeatureSwitch(true) });

    private ScriptedChat Chat => _fixture.Chat;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Citations_are_chips_by_document_that_open_the_passages()
    {
        var document = Guid.CreateVersion7();
        Chat.Store("Q", "A").Citations =
        [
            Passage(1, document, "Policy.pdf", "Three days a week."),
            Passage(2, Guid.CreateVersion7(), "Leave.md", "Twenty days."),
            Passage(3, document, "Policy.pdf", "<b>Not</b> on Mondays."),
        ];
        var panel = _fixture.Render(Chat.Conversation.Id);
        var chips = panel.FindAll(".chip");
        Assert.Equal(["Policy.pdf2", "Leave.md"], chips.Select(c => string.Concat(c.TextContent.Where(x => !char.IsWhiteSpace(x)))));

        await chips[1].ClickAsync();
        _fixture.Dialogs.WaitForAssertion(() => Assert.Equal(3, _fixture.Dialogs.FindAll(".passage").Count));
        var first = _fixture.Dialogs.Find(".passage").TextContent;
        Assert.Contains("Leave.md", first, StringComparison.Ordinal);
        Assert.Contains("Twenty days.", first, StringComparison.Ordinal);
        Assert.Contains("Score 0.75", first, StringComparison.Ordinal);
        Assert.Contains("12 characters", first, StringComparison.Ordinal);
        Assert.Contains("#7", first, StringComparison.Ordinal);
        Assert.Contains("<b>Not</b> on Mondays.", _fixture.Dialogs.FindAll(".passage .text")[2].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Citations_are_hidden_where_the_app_does_not_show_them()
    {
        Chat.Store("Q", "A").Citations = [Passage(1, Guid.CreateVersion7(), "Policy.pdf", "x")];
        var panel = _fixture.Render(Chat.Conversation.Id, draft: new AppModelConfig { RetrieverResource = new FeatureSwitch(false) });
        Assert.Empty(panel.FindAll(".chip"));
    }

    [Fact]
    public async Task Follow_up_questions_come_after_the_answer_and_a_click_asks()
    {
        Chat.FollowUps = ["Why?", "How?"];
        var panel = _fixture.Render();
        await panel.TypeAsync("Hi");
        Assert.Empty(panel.FindAll(".follow-ups"));
        Chat.Finish("Hello");
        panel.WaitForAssertion(() => Assert.Equal(2, panel.FindAll(".follow-ups .suggestion").Count));

        await panel.FindAll(".follow-ups .suggestion")[1].ClickAsync();
        Assert.Equal("How?", Chat.Requests[1].Query);
        Assert.Equal(Chat.Messages[0].Id, Chat.Requests[1].ParentMessageId);
        Assert.Empty(panel.FindAll(".follow-ups"));
    }

    [Fact]
    public async Task An_answer_is_rated_with_words_if_wished_and_the_rating_can_be_taken_back()
    {
        var message = Chat.Store("Q", "A");
        var panel = _fixture.Render(Chat.Conversation.Id);
        await panel.Find("[data-action=dislike]").ClickAsync();
        Assert.Equal("true", panel.Find("[data-action=dislike]").GetAttribute("aria-pressed"));
        await panel.Find(".comment textarea").ChangeAsync("Too short");
        await panel.Find(".comment").SubmitAsync();
        Assert.Empty(panel.FindAll(".comment"));
        await panel.Find("[data-action=dislike]").ClickAsync();

        Assert.Equal([(message.Id, "dislike", null), (message.Id, "dislike", "Too short"), (message.Id, null, null)], Chat.Ratings);
        Assert.Equal("false", panel.Find("[data-action=dislike]").GetAttribute("aria-pressed"));
    }

    [Fact]
    public async Task Required_values_are_asked_for_before_the_first_question()
    {
        var config = new AppModelConfig
        {
            UserInputForm =
            [
                new UserInputField("text-input", new UserInput { Variable = "team", Label = "Team", Required = true, MaxLength = 5 }),
                new UserInputField("select", new UserInput { Variable = "tone", Label = "Tone", Options = ["calm", "loud"] }),
            ],
        };
        var panel = _fixture.Render(draft: config);
        Assert.False(await panel.TypeAsync("Hi"));
        Assert.Contains("Fill this in.", panel.Find(".inputs").TextContent, StringComparison.Ordinal);
        Assert.Empty(Chat.Requests);

        await panel.InvokeAsync(() => panel.FindComponent<ChatInputsForm>().Instance.ValuesChanged.InvokeAsync(new JsonObject { ["team"] = "Blue" }));
        Assert.True(await panel.TypeAsync("Hi"));
        Assert.Equal("Blue", Chat.Requests[0].Inputs["team"]!.GetValue<string>());
        Assert.Equal("false", panel.Find(".inputs .head").GetAttribute("aria-expanded"));
        Assert.Contains("Blue", panel.Find(".inputs .summary").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_sends_the_draft()
    {
        var draft = new AppModelConfig { PrePrompt = "Be brief." };
        var panel = _fixture.Render(draft: draft);
        await panel.TypeAsync("Hi");
        Assert.Same(draft, Chat.Requests[0].Config);
    }

    [Fact]
    public async Task A_moderated_answer_replaces_what_had_come()
    {
        var panel = _fixture.Render();
        await panel.TypeAsync("Hi");
        Chat.Say("Bad words");
        panel.WaitForAssertion(() => Assert.Contains("Bad words", panel.Markup, StringComparison.Ordinal));
        Chat.Replace("Removed.");
        panel.WaitForAssertion(() =>
        {
            _fixture.Time.Advance(LiveAnswer.ShortestStep);
            Assert.Contains("Removed.", panel.Find(".answer .markdown").TextContent, StringComparison.Ordinal);
        });
        Assert.DoesNotContain("Bad words", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_in_question_and_answer_stays_text()
    {
        Chat.Store("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)><script>alert(1)</script>ok");
        var panel = _fixture.Render(Chat.Conversation.Id);
        Assert.Empty(panel.FindAll("script, [onerror]"));
        Assert.Equal("<img src=x onerror=alert(1)>", panel.Find("[data-question]").TextContent);
    }

    private static Citation Passage(int position, Guid document, string name, string content) => new(
        position, Guid.CreateVersion7(), "Handbook", document, name, "upload_file", Guid.CreateVersion7(), 0.75, 3,
        content.Length, 7, content);
}
