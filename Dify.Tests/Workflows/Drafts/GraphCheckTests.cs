using System.Text.Json.Nodes;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Drafts.Checking;
using Xunit;

namespace Dify.Tests.Workflows.Drafts;

public sealed class GraphCheckTests
{
    private const string Start = """{"id": "start", "data": {"type": "start", "title": "Start", "variables": [{"variable": "city", "type": "text-input"}, {"variable": "docs", "type": "file-list"}]}}""";
    private const string End = """{"id": "end", "data": {"type": "end", "title": "Out", "outputs": [{"variable": "r", "value_selector": ["t", "output"]}]}}""";
    private const string Template = """{"id": "t", "data": {"type": "template-transform", "title": "T", "template": "{{ x }}", "variables": [{"variable": "x", "value_selector": ["start", "city"]}]}}""";

    [Fact]
    public void A_sound_graph_has_no_issue() => Assert.Empty(Check([Start, Template, End], "start>t", "t>end"));

    [Theory]
    [InlineData("not_upstream", "t", false)]
    public void A_reference_to_what_comes_later_is_told(string code, string node, bool isError)
    {
        var early = """{"id": "a", "data": {"type": "template-transform", "title": "A", "template": "", "variables": [{"variable": "x", "value_selector": ["t", "output"]}]}}""";
        var issue = Assert.Single(Check([Start, early, Template, End], "start>a", "a>t", "t>end"));
        Assert.Equal((code, "a", isError), (issue.Code, issue.NodeId, issue.IsError));
        Assert.Equal("t", node);
    }

    [Fact]
    public void Nodes_that_nothing_leads_to_are_told_and_do_not_keep_a_graph_from_being_published()
    {
        var stray = """{"id": "lost", "data": {"type": "no-such-type", "title": "Lost"}}""";
        var issue = Assert.Single(Check([Start, Template, End, stray], "start>t", "t>end"));
        Assert.Equal(("unreachable_node", "lost", false), (issue.Code, issue.NodeId, issue.IsError));
    }

    [Fact]
    public void Everything_that_makes_a_run_fail_is_an_error_at_its_node()
    {
        var http = """{"id": "h", "data": {"type": "http-request", "title": "Http", "url": ""}}""";
        var list = """{"id": "l", "data": {"type": "list-operator", "title": "List", "variable": ["start", "city"]}}""";
        var gone = """{"id": "i", "data": {"type": "if-else", "title": "If", "cases": [{"case_id": "true", "conditions": [{"variable_selector": ["start", "gone"], "comparison_operator": "is"}]}]}}""";
        var robot = """{"id": "x", "data": {"type": "robot", "title": "Robot"}}""";
        var issues = Check([Start, http, list, gone, robot, Template, End], "start>h", "h>l", "l>i", "i:true>x", "x>t", "t>end");
        Assert.Equal(
            ["missing_field h", "unknown_node_type x", "unknown_reference i", "wrong_type l"],
            issues.Where(issue => issue.IsError).Select(issue => $"{issue.Code} {issue.NodeId}").Order(StringComparer.Ordinal));
        Assert.Contains("'If': 'conditions[0]' refers to 'Start.gone', which does not exist.", issues.Select(issue => issue.Message));
    }

    [Fact]
    public void A_cycle_is_told_at_its_nodes_and_nowhere_else()
    {
        var second = """{"id": "u", "data": {"type": "template-transform", "title": "U", "template": ""}}""";
        var issues = Check([Start, Template, second, End], "start>t", "t>u", "u>t", "u>end");
        Assert.Equal(["t", "u"], issues.Where(issue => issue.Code == "cycle").Select(issue => issue.NodeId).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(50, false)]
    [InlineData(51, true)]
    public void A_path_has_at_most_50_nodes(int length, bool isTooLong)
    {
        var nodes = Enumerable.Range(1, length - 1).Select(i => Plain($"n{i}")).Prepend(Start).ToArray();
        var edges = Enumerable.Range(1, length - 1).Select(i => $"{(i == 1 ? "start" : $"n{i - 1}")}>n{i}").ToArray();
        Assert.Equal(isTooLong, Check(nodes, edges).Any(issue => issue is { Code: "path_too_long", IsError: true }));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void A_handle_leads_to_at_most_10_nodes(int count, bool isTooMany)
    {
        var names = Enumerable.Range(1, count).Select(i => $"n{i}").ToList();
        var issues = Check([Start, .. names.Select(Plain)], [.. names.Select(name => $"start>{name}")]);
        Assert.Equal(isTooMany, issues.Any(issue => issue is { Code: "too_many_branches", NodeId: "start", IsError: true }));
    }

    [Fact]
    public void Starts_and_responses_have_to_fit_the_kind_of_app()
    {
        var trigger = """{"id": "hook", "data": {"type": "trigger-webhook", "title": "Hook"}}""";
        Assert.Contains(Check([Start, trigger, Template, End], "start>t", "hook>t", "t>end"), issue => issue.Code == "start_with_trigger");
        Assert.Contains(Check([Template, End], "t>end"), issue => issue is { Code: "start_missing", IsError: true });
        Assert.Contains(Check([Start, Template], "start>t"), issue => issue is { Code: "response_missing", IsError: false });
        var answer = """{"id": "say", "data": {"type": "answer", "title": "Say", "answer": "hi"}}""";
        Assert.Contains(Check([Start, answer], "start>say"), issue => issue is { Code: "answer_in_workflow", NodeId: "say", IsError: false });
        Assert.Contains(
            GraphCheck.Check(Content([Start, Template, End], "start>t", "t>end"), isChatflow: true),
            issue => issue is { Code: "end_in_chatflow", NodeId: "end", IsError: false });
        Assert.Empty(GraphCheck.Check(Content([Start, answer], "start>say"), isChatflow: true));
    }

    [Fact]
    public void Inside_an_iteration_its_item_and_what_came_before_it_can_be_used_and_outside_its_nodes_cannot()
    {
        var iteration = """{"id": "it", "data": {"type": "iteration", "title": "It", "iterator_selector": ["start", "docs"], "output_selector": ["in", "output"], "start_node_id": "itstart"}}""";
        var first = """{"id": "itstart", "parentId": "it", "data": {"type": "iteration-start", "iteration_id": "it"}}""";
        var inner = """{"id": "in", "parentId": "it", "data": {"type": "template-transform", "title": "In", "iteration_id": "it", "template": "", "variables": [{"variable": "x", "value_selector": ["it", "item"]}, {"variable": "y", "value_selector": ["start", "city"]}]}}""";
        var after = """{"id": "t", "data": {"type": "template-transform", "title": "T", "template": "", "variables": [{"variable": "x", "value_selector": ["it", "output"]}]}}""";
        Assert.Empty(Check([Start, iteration, first, inner, after, End], "start>it", "itstart>in", "it>t", "t>end"));

        var peeking = after.Replace("""["it", "output"]""", """["in", "output"]""", StringComparison.Ordinal);
        Assert.Equal("not_upstream t", Only(Check([Start, iteration, first, inner, peeking, End], "start>it", "itstart>in", "it>t", "t>end")));
        var leaving = Check([Start, iteration, first, inner, after, End], "start>it", "itstart>in", "it>t", "t>end", "in>t");
        Assert.Contains(leaving, issue => issue is { Code: "edge_leaves_container", NodeId: "in", IsError: true });
        Assert.Contains(Check([Start, iteration, after, End], "start>it", "it>t", "t>end"), issue => issue is { Code: "container_empty", NodeId: "it" });
    }

    [Fact]
    public void Variables_of_the_system_the_environment_and_the_conversation_are_known_by_name()
    {
        var answer = """{"id": "say", "data": {"type": "answer", "title": "Say", "answer": "{{#sys.query#}} {{#env.KEY#}} {{#conversation.mood#}} {{#env.NONE#}} {{#no-node.x#}}"}}""";
        var content = Content([Start, answer], "start>say") with
        {
            EnvironmentVariables = [new("1", "KEY", "secret", "s")],
            ConversationVariables = [new("2", "mood", "string", "good")],
        };
        var issue = Assert.Single(GraphCheck.Check(content, isChatflow: true));
        Assert.Equal(("unknown_reference", "'Say': 'answer' refers to 'env.NONE', which does not exist."), (issue.Code, issue.Message));
    }

    [Theory]
    [InlineData("""{"nodes": 5, "edges": "x"}""")]
    [InlineData("""{"nodes": [null, 1, {}, {"id": 5, "data": {"type": "llm"}}, {"id": "a", "data": null}, {"id": "b", "data": {"type": ["x"]}}], "edges": [null, {"source": 1, "target": []}]}""")]
    [InlineData("""{"nodes": [{"id": "a", "data": {"type": "start", "variables": [1, null, {"variable": 5}]}}, {"id": "b", "data": {"type": "llm", "model": [], "prompt_template": [null, 7], "context": {"enabled": "true", "variable_selector": {"a": 1}}}}], "edges": [{"source": "a", "target": "b"}]}""")]
    [InlineData("""{"nodes": [{"id": "a", "data": {"type": "start"}}, {"id": "b", "parentId": "c", "data": {"type": "loop", "loop_id": "c"}}, {"id": "c", "data": {"type": "loop", "loop_id": "b"}}], "edges": []}""")]
    public void A_hostile_graph_is_checked_like_any_other(string graph) =>
        Assert.NotEmpty(GraphCheck.Check(new WorkflowContent { Graph = JsonNode.Parse(graph)!.AsObject() }, isChatflow: false));

    [Fact]
    public void Every_type_takes_settings_of_the_wrong_kind_without_a_crash()
    {
        JsonNode?[] odd = [null, 5, "x", true, new JsonArray(1, null, new JsonObject { ["a"] = 1 }), new JsonObject { ["conditions"] = 1, ["variables"] = "y" }];
        string[] fields = [.. Core.Workflows.Nodes.NodeCatalog.All.SelectMany(node => node.CreateDefaults()).Select(field => field.Key).Distinct(), "default_value", "cases", "vision", "memory"];
        foreach (var description in Core.Workflows.Nodes.NodeCatalog.All)
        {
            foreach (var value in odd)
            {
                var data = new JsonObject { ["type"] = description.Type, ["error_strategy"] = "default-value" };
                foreach (var field in fields)
                {
                    data[field] = value?.DeepClone();
                }

                Assert.NotNull(Core.Workflows.Nodes.NodeCatalog.Describe(description.Type, data).Outputs);
            }
        }
    }

    private static string Plain(string id) => $$$"""{"id": "{{{id}}}", "data": {"type": "template-transform", "title": "{{{id}}}", "template": ""}}""";

    private static string Only(IReadOnlyList<GraphIssue> issues) => $"{Assert.Single(issues).Code} {issues[0].NodeId}";

    private static IReadOnlyList<GraphIssue> Check(string[] nodes, params string[] edges) =>
        GraphCheck.Check(Content(nodes, edges), isChatflow: false);

    private static WorkflowContent Content(string[] nodes, params string[] edges) => new()
    {
        Graph = new JsonObject
        {
            ["nodes"] = new JsonArray([.. nodes.Select(node => JsonNode.Parse(node))]),
            ["edges"] = new JsonArray([.. edges.Select(edge => edge.Split('>')).Select(edge => (JsonNode)new JsonObject
            {
                ["source"] = edge[0].Split(':')[0],
                ["sourceHandle"] = edge[0].Contains(':', StringComparison.Ordinal) ? edge[0].Split(':')[1] : "source",
                ["target"] = edge[1],
            })]),
        },
    };
}
