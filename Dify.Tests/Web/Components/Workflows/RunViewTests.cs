using System.Text.Json;
using Bunit;
using Dify.Core.Realtime;
using Dify.Web.Components.Pages.Workflows.Runs;
using Xunit;

namespace Dify.Tests.Web.Components.Workflows;

public sealed class RunViewTests
{
    [Fact]
    public async Task One_text_is_shown_as_Markdown_made_safe_and_the_rest_as_JSON()
    {
        await using var fixture = new PieceFixture();
        var result = fixture.Render<RunResult>(p => p.Add(r => r.Trace, Finished(new { text = "**bold** <script>alert(1)</script>" })));
        Assert.Equal("bold", result.Find("strong").TextContent);
        Assert.Empty(result.FindAll("script"));

        var several = fixture.Render<RunResult>(p => p.Add(r => r.Trace, Finished(new { text = "hello", list = new[] { 1, 2 } })));
        Assert.Equal(["text", "list"], several.FindAll("section.part").Select(h => h.GetAttribute("aria-label")));
        Assert.Contains("1,", several.Find("section[aria-label=list] pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_links_to_this_site_or_the_web_and_never_a_script()
    {
        await using var fixture = new PieceFixture();
        var file = new Dictionary<string, object?> { ["dify_model_identity"] = "__dify__file__", ["filename"] = "tea.txt", ["url"] = "/files/1?sign=x", ["size"] = 2048 };
        var evil = new Dictionary<string, object?>(file) { ["filename"] = "evil.txt", ["url"] = "javascript:alert(1)" };
        var result = fixture.Render<RunResult>(p => p.Add(r => r.Trace, Finished(new { files = new[] { file, evil } })));
        Assert.Equal("/files/1?sign=x", Assert.Single(result.FindAll("a")).GetAttribute("href"));
        Assert.Contains("evil.txt", result.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_a_stop_a_pause_and_an_empty_success_say_so()
    {
        await using var fixture = new PieceFixture();
        Assert.Contains("no answer from the model", Shown("""{"status":"failed","error":"no answer from the model"}""", "workflow_finished"), StringComparison.Ordinal);
        Assert.Contains("The run was stopped.", Shown("""{"status":"stopped","outputs":{}}""", "workflow_finished"), StringComparison.Ordinal);
        Assert.Contains("The run waits for an answer.", Shown("""{"status":"paused"}""", "workflow_paused"), StringComparison.Ordinal);
        Assert.Contains("gave no outputs", Shown("""{"status":"succeeded","outputs":{}}""", "workflow_finished"), StringComparison.Ordinal);

        string Shown(string data, string name)
        {
            var trace = new RunTrace { RunId = Guid.CreateVersion7() };
            trace.Apply(new RunEvent(1, name, $$"""{"data":{{data}}}"""));
            return fixture.Render<RunResult>(p => p.Add(r => r.Trace, trace)).Markup;
        }
    }

    [Fact]
    public async Task A_step_opens_to_what_it_took_and_gave_and_its_rounds_come_ten_at_a_time()
    {
        await using var fixture = new PieceFixture();
        var trace = new RunTrace { RunId = Guid.CreateVersion7() };
        trace.Apply(new RunEvent(1, "iteration_started", """{"data":{"id":"i","node_id":"it","node_type":"iteration","title":"Each"}}"""));
        for (var round = 0; round < 12; round++)
        {
            trace.Apply(new RunEvent(2, "iteration_next", $$$"""{"data":{"id":"i","node_id":"it","index":{{{round}}}}}"""));
            trace.Apply(new RunEvent(3, "node_started", $$$"""{"data":{"id":"x{{{round}}}","node_id":"x","node_type":"code","title":"Inner","iteration_id":"it"}}"""));
            trace.Apply(new RunEvent(4, "node_finished", $$$"""{"data":{"id":"x{{{round}}}","node_id":"x","status":"succeeded","outputs":{"n":{{{round}}}},"elapsed_time":0.001}}"""));
        }

        var view = fixture.Render<RunTracing>(p => p.Add(t => t.Trace, trace));
        Assert.Single(view.FindAll(".step"));
        view.Find(".head").Click();
        Assert.Equal(10, view.FindAll(".round").Count);
        view.Find(".round .head").Click();
        Assert.Contains("\"n\": 0", view.Find(".round pre").TextContent, StringComparison.Ordinal);
        view.FindAll(".pages button")[1].Click();
        Assert.Equal(["Round 11", "Round 12"], view.FindAll(".round h4").Select(h => h.TextContent));
    }

    [Fact]
    public async Task Long_values_are_shown_from_their_beginning_and_whole_when_asked_for()
    {
        await using var fixture = new PieceFixture();
        var long_ = new string('x', 9_000);
        var block = fixture.Render<Dify.Web.Components.Shared.JsonBlock>(p => p.Add(b => b.Title, "Outputs").Add(b => b.Value, long_));
        Assert.True(block.Find("pre").TextContent.Length < 5_000);
        block.Find("button.all").Click();
        Assert.Equal(long_, block.Find("pre").TextContent.Trim());
    }

    private static RunTrace Finished(object outputs)
    {
        var trace = new RunTrace { RunId = Guid.CreateVersion7() };
        trace.Apply(new RunEvent(1, "workflow_finished", $$$"""{"data":{"status":"succeeded","outputs":{{{JsonSerializer.Serialize(outputs)}}}}}"""));
        return trace;
    }
}
