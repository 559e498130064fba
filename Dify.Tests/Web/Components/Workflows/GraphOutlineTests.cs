using System.Globalization;
using System.Text.Json.Nodes;
using Dify.Web.Components.Pages.Workflows.Outline;
using Xunit;

namespace Dify.Tests.Web.Components.Workflows;

public sealed class GraphOutlineTests
{
    [Fact]
    public void A_chain_is_read_from_its_start_whatever_the_order_in_the_file() =>
        Assert.Equal(["0 s", "0 a", "0 b"], Lines("b:code a:code s:start", "a>b s>a"));

    [Fact]
    public void Branches_are_indented_with_their_reason_and_the_lines_go_on_where_they_meet() => Assert.Equal(
        ["0 s", "0 c", "1 yes (if)", "1 more", "1 no (else)", "0 join", "0 e"],
        Lines(
            "s:start c:if-else no:code yes:code more:code join:variable-aggregator e:end",
            "s>c c:false>no c:true>yes yes>more more>join no>join join>e"));

    [Fact]
    public void A_branch_that_goes_straight_to_the_meeting_says_where_it_goes_on() => Assert.Equal(
        ["0 s", "0 c", "1 yes (if)", "1 → join (else)", "0 join"],
        Lines("s:start c:if-else yes:code join:end", "s>c c:true>yes c:false>join yes>join"));

    [Fact]
    public void A_fan_out_of_one_handle_is_read_as_parallel_lanes() => Assert.Equal(
        ["0 s", "1 a (parallel)", "1 b (parallel)", "0 join"],
        Lines("s:start a:code b:code join:end", "s>a s>b a>join b>join"));

    [Fact]
    public void What_an_iteration_holds_stands_below_it_without_its_silent_first_node() => Assert.Equal(
        ["0 s", "0 it", "1 x", "1 y", "0 e"],
        Lines("s:start it:iteration st:iteration-start@it y:code@it x:llm@it e:end", "s>it it>e st>x x>y"));

    [Fact]
    public void Nothing_is_left_out_neither_what_no_run_reaches_nor_a_circle()
    {
        var rows = GraphOutline.Of(Graph("s:start a:code lost:code x:code y:code", "s>a x>y y>x"));
        Assert.Equal(["s", "a", "lost", "x", "y"], rows.Select(r => r.Node!.Id));
        Assert.Equal([false, false, true, true, true], rows.Select(r => r.IsDetached));
    }

    [Fact]
    public void A_thousand_lanes_and_a_thousand_branches_in_a_row_are_read_in_time()
    {
        var wide = Graph(
            "s:start j:end " + string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"n{i}:code")),
            string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"s>n{i} n{i}>j")));
        Assert.Equal(1002, GraphOutline.Of(wide).Count);
        var deep = Graph(
            "s:start " + string.Join(' ', Enumerable.Range(0, 400).Select(i => $"c{i}:if-else y{i}:end")),
            "s>c0 " + string.Join(' ', Enumerable.Range(0, 400).Select(i => $"c{i}:true>y{i} c{i}:false>c{i + 1}")));
        Assert.Equal(801, GraphOutline.Of(deep).Count);
    }

    [Fact]
    public void A_failure_branch_and_the_answers_of_a_form_have_names()
    {
        var graph = Graph("s:start h:http-request ok:end bad:end", "s>h h:fail-branch>bad h:source>ok");
        graph.Find("h")!.Data["error_strategy"] = "fail-branch";
        Assert.Equal(["success", "fail"], GraphOutline.Of(graph).Where(r => r.Lane is not null).Select(r => r.Lane!.Kind));

        var form = Graph("s:start h:human-input y:end t:end", "s>h h:__timeout>t h:approve>y");
        form.Find("h")!.Data["user_actions"] = new JsonArray(new JsonObject { ["id"] = "approve", ["title"] = "Approve" });
        Assert.Equal([("action", "Approve"), ("timeout", "")], GraphOutline.Of(form).Where(r => r.Lane is not null).Select(r => (r.Lane!.Kind, r.Lane.Name)));
    }

    private static IEnumerable<string> Lines(string nodes, string edges) => GraphOutline.Of(Graph(nodes, edges)).Select(row =>
        $"{row.Depth.ToString(CultureInfo.InvariantCulture)} {row.Node?.Id ?? "→ " + row.GoesOnAt!.Id}{(row.Lane is { } lane ? $" ({lane.Kind})" : "")}");

    /// <param name="nodes"><c>id:type</c> or <c>id:type@container</c>, separated by spaces.</param>
    /// <param name="edges"><c>from>to</c> or <c>from:handle>to</c>.</param>
    internal static DraftGraph Graph(string nodes, string edges) => DraftGraph.Read(new JsonObject
    {
        ["nodes"] = new JsonArray([.. nodes.Split(' ').Select(JsonNode (text) =>
        {
            var (id, rest) = (text.Split(':')[0], text.Split(':')[1].Split('@'));
            var data = new JsonObject { ["type"] = rest[0], ["title"] = id };
            if (rest.Length > 1)
            {
                data["iteration_id"] = rest[1];
            }

            return new JsonObject { ["id"] = id, ["type"] = "custom", ["data"] = data };
        })]),
        ["edges"] = new JsonArray([.. edges.Split(' ').Select(JsonNode (text) =>
        {
            var (from, to) = (text.Split('>')[0].Split(':'), text.Split('>')[1]);
            return new JsonObject { ["source"] = from[0], ["sourceHandle"] = from.Length > 1 ? from[1] : "source", ["target"] = to };
        })]),
    });
}
