using Dify.Core.Workflows.Nodes;

namespace Dify.Core.Workflows.Drafts.Checking;

/// <summary>
/// Looks at a graph without running it. Errors are what makes a run fail for certain, or what Dify refuses to publish
/// for it; all else is a warning, so that what runs can be published.
/// </summary>
internal static class GraphCheck
{
    /// <param name="isChatflow">Whether answers are said in a conversation; else the graph ends with outputs.</param>
    /// <param name="canRun">By type and version; null: whatever the catalogue knows.</param>
    public static IReadOnlyList<GraphIssue> Check(WorkflowContent content, bool isChatflow, Func<string, string, bool>? canRun = null)
    {
        var issues = new IssueList();
        Check(content, isChatflow, canRun, issues);
        return issues.Issues;
    }

    /// <summary>The same with a list that further checks add to.</summary>
    public static CheckedGraph Check(
        WorkflowContent content, bool isChatflow, Func<string, string, bool>? canRun, IssueList issues)
    {
        var graph = CheckedGraph.Read(content.Graph, issues);
        ShapeCheck.Run(
            graph, isChatflow,
            node => NodeCatalog.Find(node.Type) is not null && (canRun is null || canRun(node.Type, node.Version)), issues);
        foreach (var node in graph.Nodes.Where(node => node.IsReachable))
        {
            foreach (var problem in node.Facts.Problems)
            {
                issues.Add(node, "missing_field", problem.IsError, problem.Field);
            }
        }

        new ReferenceCheck(graph, content, issues).Run();
        return graph;
    }
}
