using Bunit;
using Bunit.TestDoubles;
using Dify.Core.Chat;
using Dify.Web.Components.Pages.Chat;
using Dify.Web.Components.Pages.Workflows.Forms;
using Xunit;

namespace Dify.Tests.Web.Chat;

public sealed class ChatPanelPauseTests : IAsyncDisposable
{
    private readonly ChatFixture _fixture = new();

    private ScriptedChat Chat => _fixture.Chat;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_paused_answer_shows_its_form_and_goes_on_where_it_stopped()
    {
        var panel = _fixture.Render();
        await panel.TypeAsync("Hi");
        Chat.Say("Really? ");
        Chat.Forms = ["token-1"];
        Chat.Finish("Really? ", MessageStatus.Paused);
        panel.WaitForAssertion(() => Assert.Equal("token-1", FormOf(panel).Parameters.Get(f => f.Token)));
        Assert.Contains("Really?", panel.Find(".answer .bubble .markdown").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(panel.FindAll(".answer .bubble .forms"));
        Assert.Empty(panel.FindAll(".actions"));
        Assert.False(await panel.TypeAsync("And this"));

        Chat.GoOn();
        Until(panel, () => Assert.Empty(panel.FindAll(".forms")));
        Chat.Say("Because.");
        Until(panel, () => Assert.Equal("Really? Because.", panel.Find(".answer .markdown").TextContent.Trim()));
        Chat.Finish("Really? Because.");
        Until(panel, () => Assert.NotEmpty(panel.FindAll(".actions")));
    }

    [Fact]
    public void A_reloaded_pause_shows_its_form_and_ends_when_it_ended_elsewhere()
    {
        var paused = Chat.Store("Hi", "Half", status: MessageStatus.Paused);
        Chat.Forms = ["token-2"];
        var panel = _fixture.Render(Chat.Conversation.Id);
        panel.WaitForAssertion(() => Assert.Equal("token-2", FormOf(panel).Parameters.Get(f => f.Token)));

        (paused.Status, Chat.Forms) = (MessageStatus.Stopped, null);
        Until(panel, () => Assert.Contains("Stopped", panel.Find(".actions").TextContent, StringComparison.Ordinal));
        Assert.Empty(panel.FindAll(".stop"));
    }

    [Fact]
    public async Task A_pause_without_a_form_here_says_that_it_waits_and_can_be_stopped()
    {
        var paused = Chat.Store("Hi", "", status: MessageStatus.Paused);
        Chat.Forms = [];
        var panel = _fixture.Render(Chat.Conversation.Id);
        Assert.Contains("Ask", panel.Find(".process li").TextContent, StringComparison.Ordinal);
        Assert.Contains("Waiting for a person", panel.Find(".process summary").TextContent, StringComparison.Ordinal);
        Assert.Contains("waits for a person", panel.Find(".paused").TextContent, StringComparison.Ordinal);
        await panel.Find(".stop").ClickAsync();
        Assert.Equal(paused.RunId, Assert.Single(Chat.Stopped));
    }

    private static Stub<HumanForm> FormOf(IRenderedComponent<ChatPanel> panel) => panel.FindComponent<Stub<HumanForm>>().Instance;

    /// <summary>Time goes on until it holds.</summary>
    private void Until(IRenderedComponent<ChatPanel> panel, Action holds) => panel.WaitForAssertion(
        () =>
        {
            _fixture.Time.Advance(TimeSpan.FromSeconds(1));
            holds();
        },
        TimeSpan.FromSeconds(10));
}
