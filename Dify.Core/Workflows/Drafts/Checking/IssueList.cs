using System.Globalization;

namespace Dify.Core.Workflows.Drafts.Checking;

/// <summary>Collects issues, in words for a person.</summary>
internal sealed class IssueList
{
    /// <summary>More than anybody reads; a hostile graph could have a million.</summary>
    private const int Most = 500;

    private static readonly Dictionary<string, string> Messages = new(StringComparer.Ordinal)
    {
        ["invalid_node"] = "A node has no id or no type. Remove it.",
        ["duplicate_node"] = "'{0}': another node has the same id. Remove one of them.",
        ["dangling_edge"] = "A connection leads to the node '{1}', which does not exist. Remove the connection.",
        ["edge_leaves_container"] = "'{0}' is connected to '{1}', but only one of them is inside the iteration or loop. Remove the connection.",
        ["start_missing"] = "The workflow has no start. Add a start node.",
        ["start_with_trigger"] = "Start node and trigger nodes cannot coexist in the same workflow.",
        ["several_starts"] = "'{0}': the workflow has another start node already. Keep one.",
        ["unknown_node_type"] = "'{0}': nodes of the type '{1}' cannot run here. Replace it.",
        ["unreachable_node"] = "'{0}': nothing leads to this node, so it never runs. Connect or remove it.",
        ["cycle"] = "'{0}': the connections lead back to this node. Repeat steps with a loop node instead.",
        ["path_too_long"] = "A path has {1} nodes, at most {2} are possible. Shorten it.",
        ["too_many_branches"] = "'{0}': {1} nodes follow at the same time, at most {2} are possible.",
        ["container_empty"] = "'{0}': there is nothing inside. Add nodes to it.",
        ["missing_field"] = "'{0}': '{1}' is not set.",
        ["unknown_reference"] = "'{0}': '{1}' refers to '{2}', which does not exist.",
        ["not_upstream"] = "'{0}': '{1}' refers to '{2}', but that node does not come before this one.",
        ["wrong_type"] = "'{0}': '{1}' refers to '{2}' of type {3}, but needs {4}.",
        ["response_missing"] = "The workflow has no output node, so it gives no result.",
        ["answer_missing"] = "The chatflow has no answer node, so it says nothing.",
        ["answer_in_workflow"] = "'{0}': answer nodes are for chatflows. Use an output node.",
        ["end_in_chatflow"] = "'{0}': output nodes are for workflows. Use an answer node.",
        ["unknown_handle"] = "'{0}': a connection starts at '{1}', which this node does not have, so it is never followed.",
        ["model_not_set_up"] = "'{0}': the model {1} is not set up in this workspace.",
        ["knowledge_not_set_up"] = "'{0}': {1} of its knowledge bases do not exist in this workspace. Choose again.",
        ["tool_not_set_up"] = "'{0}': the tool {1} is not available in this workspace.",
    };

    private readonly List<GraphIssue> _issues = [];

    /// <summary>Errors first.</summary>
    public IReadOnlyList<GraphIssue> Issues => [.. _issues.OrderByDescending(issue => issue.IsError)];

    /// <summary>Every code that a check can give.</summary>
    public static IReadOnlyCollection<string> Codes => Messages.Keys;

    public void Error(CheckedNode? node, string code, params string[] arguments) => Add(node, code, true, arguments);

    public void Warn(CheckedNode? node, string code, params string[] arguments) => Add(node, code, false, arguments);

    public void Add(CheckedNode? node, string code, bool isError, params string[] arguments)
    {
        if (_issues.Count >= Most)
        {
            return;
        }

        string[] all = [Shorten(node?.Title ?? ""), .. arguments.Select(Shorten)];
        var issue = new GraphIssue(node?.Id, code, string.Format(CultureInfo.InvariantCulture, Messages[code], all), isError) { Arguments = all };
        if (!_issues.Exists(known => known.NodeId == issue.NodeId && known.Code == code && known.Message == issue.Message))
        {
            _issues.Add(issue);
        }
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
