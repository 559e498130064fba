using Bunit;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Nodes;
using Dify.Web.Components.Pages.Workflows.Nodes;
using Dify.Web.Components.Pages.Workflows.Outline;
using Dify.Web.Components.Pages.Workflows.Runs;
using Xunit;

namespace Dify.Tests.Web.Components.Workflows;

public sealed class OutlineViewTests
{
    private static readonly IReadOnlyList<OutlineRow> Rows = GraphOutline.Of(
        GraphOutlineTests.Graph("Begin:start Choose:if-else Yes:llm No:code Finish:end", "Begin>Choose Choose:true>Yes Choose:false>No Yes>Finish No>Finish"));

    [Fact]
    public async Task One_line_is_reached_with_Tab_and_every_line_says_what_it_is()
    {
        await using var fixture = new PieceFixture();
        var view = fixture.Render<OutlineView>(p => p.Add(v => v.Rows, Rows).Add(v => v.Issues, new Dictionary<string, bool> { ["No"] = true }));

        var lines = view.FindAll("[role=treeitem]");
        Assert.Equal(["Begin, Start", "Choose, If-else", "If, Yes, LLM", "Else, No, Code, has an issue", "Finish, Output"], lines.Select(l => l.GetAttribute("aria-label")));
        Assert.Equal(["1", "1", "2", "2", "1"], lines.Select(l => l.GetAttribute("aria-level")));
        Assert.Equal("Begin", Assert.Single(lines, l => l.GetAttribute("tabindex") == "0").GetAttribute("data-node"));
    }

    [Fact]
    public async Task A_search_by_title_or_kind_narrows_the_lines_and_a_choice_is_told()
    {
        await using var fixture = new PieceFixture();
        string? chosen = null;
        var view = fixture.Render<OutlineView>(p => p.Add(v => v.Rows, Rows).Add(v => v.OnSelect, id => chosen = id));

        view.Find("input[type=search]").Input("llm");
        Assert.Equal("Yes", Assert.Single(view.FindAll("[data-row]")).GetAttribute("data-node"));
        view.Find("[data-row]").Click();
        Assert.Equal("Yes", chosen);
        view.Find("input[type=search]").Input("nothing like it");
        Assert.Contains("No step matches.", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_line_shows_how_its_node_stands_in_the_run()
    {
        await using var fixture = new PieceFixture();
        var trace = new RunTrace { RunId = Guid.CreateVersion7() };
        trace.Apply(new RunEvent(1, "node_started", """{"data":{"id":"1","node_id":"Begin","node_type":"start"}}"""));
        trace.Apply(new RunEvent(2, "node_finished", """{"data":{"id":"1","node_id":"Begin","status":"succeeded","elapsed_time":0.012}}"""));
        trace.Apply(new RunEvent(3, "node_started", """{"data":{"id":"2","node_id":"Choose","node_type":"if-else"}}"""));
        var view = fixture.Render<OutlineView>(p => p.Add(v => v.Rows, Rows).Add(v => v.Trace, trace));

        Assert.Equal(["Succeeded", "Running", "Pending", "Pending", "Pending"], view.FindAll("[data-row]").Select(r => r.GetAttribute("data-state")));
        Assert.Contains("12 ms", view.Markup, StringComparison.Ordinal);
        Assert.EndsWith("Succeeded", view.Find("[data-node=Begin]").GetAttribute("aria-label"), StringComparison.Ordinal);

        trace.Apply(new RunEvent(4, "workflow_finished", """{"data":{"status":"failed","error":"broke"}}"""));
        view.Render();
        Assert.Equal(["Succeeded", "Stopped", "Skipped", "Skipped", "Skipped"], view.FindAll("[data-row]").Select(r => r.GetAttribute("data-state")));
    }

    [Fact]
    public void Every_node_type_of_the_catalogue_has_a_sign() =>
        Assert.Empty(NodeCatalog.All.Where(type => !NodeLooks.Draws(type.IconKey)).Select(type => type.Type));
}
