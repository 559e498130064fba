using System.Globalization;
using System.Text.Json.Nodes;

namespace Dify.Web.Components.Pages.Workflows.Outline;

/// <summary>Where a node can go on: its wires in the order in which its settings name the handles, each with a reason.</summary>
internal static class OutlineLanes
{
    public static List<(OutlineLane? Lane, string Target)> Of(DraftGraph graph, DraftNode node)
    {
        var edges = graph.From(node.Id).ToList();
        var lanes = new List<(OutlineLane? Lane, string Target)>();
        foreach (var (handle, lane) in Handles(node))
        {
            lanes.AddRange(edges.Where(edge => edge.Handle == handle).Select(edge => ((OutlineLane?)lane, edge.Target)));
            edges.RemoveAll(edge => edge.Handle == handle);
        }

        if (lanes.Count == 0 && edges.Count == 1)
        {
            return [(null, edges[0].Target)];
        }

        var number = 0;
        lanes.AddRange(edges.Select(edge => (
            (OutlineLane?)new OutlineLane("parallel", (++number).ToString(CultureInfo.InvariantCulture)), edge.Target)));
        return lanes;
    }

    private static IEnumerable<(string Handle, OutlineLane Lane)> Handles(DraftNode node)
    {
        var own = node.Type switch
        {
            "if-else" => Cases(node.Data),
            "question-classifier" => DraftGraph.List(node.Data, "classes").Select((item, at) => (
                Id(item, "id"), new OutlineLane("class", DraftGraph.Text(item, "name") ?? Number(at)))),
            "human-input" => DraftGraph.List(node.Data, "user_actions")
                .Select((item, at) => (Id(item, "id"), new OutlineLane("action", DraftGraph.Text(item, "title") ?? Number(at))))
                .Append(("__timeout", new OutlineLane("timeout"))),
            _ => [],
        };
        return DraftGraph.Text(node.Data, "error_strategy") == "fail-branch"
            ? own.Append(("success-branch", new OutlineLane("success"))).Append(("source", new OutlineLane("success")))
                .Append(("fail-branch", new OutlineLane("fail")))
            : own;
    }

    private static IEnumerable<(string Handle, OutlineLane Lane)> Cases(JsonObject data)
    {
        var cases = DraftGraph.List(data, "cases").Select(item => DraftGraph.Text(item, "case_id") ?? DraftGraph.Text(item, "id") ?? "").ToList();
        if (cases.Count == 0)
        {
            cases.Add("true");
        }

        return cases.Select((id, at) => (id, at == 0 ? new OutlineLane("if") : new OutlineLane("elif", Number(at))))
            .Append(("false", new OutlineLane("else")));
    }

    private static string Id(JsonObject item, string key) => item[key]?.ToString() ?? "";

    private static string Number(int at) => (at + 1).ToString(CultureInfo.InvariantCulture);
}
