using System.Globalization;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Drafts.Checking;

/// <summary>How nodes are connected: starts, ways, cycles, branches, containers.</summary>
internal static class ShapeCheck
{
    private const int LongestPath = 50;
    private const int MostBranches = 10;

    public static void Run(CheckedGraph graph, bool isChatflow, Func<CheckedNode, bool> canRun, IssueList issues)
    {
        Starts(graph, issues);
        foreach (var node in graph.Cyclic)
        {
            issues.Error(node, "cycle");
        }

        Responses(graph, isChatflow, issues);
        foreach (var node in graph.Nodes)
        {
            if (!node.IsReachable)
            {
                issues.Warn(node, "unreachable_node");
                continue;
            }

            if (!canRun(node))
            {
                issues.Error(node, "unknown_node_type", node.Type);
                continue;
            }

            if (node.IsContainer && !graph.EntriesOf(node).Any())
            {
                issues.Error(node, "container_empty");
            }

            Branches(node, issues);
        }

        Paths(graph, issues);
    }

    private static void Starts(CheckedGraph graph, IssueList issues)
    {
        var roots = graph.Nodes.Where(node => node.IsRoot && node.Container is null).ToList();
        var starts = roots.Where(node => node.Type == NodeTypes.Start).ToList();
        if (roots.Count == 0)
        {
            issues.Error(null, "start_missing");
        }

        if (starts.Count > 0 && starts.Count < roots.Count)
        {
            issues.Error(starts[0], "start_with_trigger");
        }

        foreach (var further in starts.Skip(1))
        {
            issues.Error(further, "several_starts");
        }
    }

    private static void Responses(CheckedGraph graph, bool isChatflow, IssueList issues)
    {
        foreach (var node in graph.Nodes)
        {
            if (node.Type == NodeTypes.Answer && !isChatflow)
            {
                issues.Warn(node, "answer_in_workflow");
            }
            else if (node.Type == NodeTypes.End && isChatflow)
            {
                issues.Warn(node, "end_in_chatflow");
            }
        }

        if (!graph.Nodes.Exists(node => node.IsReachable && NodeTypes.KindOf(node.Type) == NodeKind.Response))
        {
            issues.Warn(null, isChatflow ? "answer_missing" : "response_missing");
        }
    }

    private static void Branches(CheckedNode node, IssueList issues)
    {
        foreach (var branch in node.Next.GroupBy(next => next.Handle, StringComparer.Ordinal))
        {
            var count = branch.Select(next => next.Target).Distinct().Count();
            if (count > MostBranches)
            {
                issues.Error(node, "too_many_branches", Number(count), Number(MostBranches));
            }

            if (!node.Facts.Handles.Contains(branch.Key))
            {
                issues.Warn(node, "unknown_handle", branch.Key);
            }
        }
    }

    private static void Paths(CheckedGraph graph, IssueList issues)
    {
        if (graph.Order is null)
        {
            return;
        }

        var lengths = new int[graph.Nodes.Count];
        CheckedNode? farthest = null;
        foreach (var node in graph.Order.Where(node => node.IsReachable))
        {
            lengths[node.Index] = 1 + node.Previous.Where(previous => previous.IsReachable)
                .Select(previous => lengths[previous.Index]).DefaultIfEmpty(0).Max();
            if (farthest is null || lengths[node.Index] > lengths[farthest.Index])
            {
                farthest = node;
            }
        }

        if (farthest is not null && lengths[farthest.Index] > LongestPath)
        {
            issues.Error(farthest, "path_too_long", Number(lengths[farthest.Index]), Number(LongestPath));
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
