using Dify.Core.Models;
using Dify.Core.Storage;
using Dify.Core.Tools;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts.Checking;
using Dify.Core.Workflows.Engine;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Drafts;

/// <summary>Looks at a workflow without running it: what makes it fail (errors) and what is odd or still to be set up (warnings).</summary>
public sealed class WorkflowCheck(
    IDbContextFactory<DifyDbContext> contexts, ModelCatalog models, ToolCatalog tools, INodeFactory nodes, IAppKinds kinds)
{
    private readonly SetupCheck _setup = new(contexts, models, tools);

    /// <summary>Errors first; at most 500.</summary>
    public async Task<IReadOnlyList<GraphIssue>> RunAsync(
        Guid workspaceId, Guid appId, WorkflowContent content, CancellationToken cancellationToken = default)
    {
        var isChatflow = await kinds.IsChatflowAsync(appId, cancellationToken);
        var issues = new IssueList();
        var graph = GraphCheck.Check(content, isChatflow, CanRun, issues);
        await _setup.RunAsync(workspaceId, graph, issues, cancellationToken);
        return issues.Issues;
    }

    private bool CanRun(string type, string version) => NodeTypes.IsContainerStart(type) || nodes.Find(type, version) is not null;
}
