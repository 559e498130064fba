using Dify.Core.Knowledge;
using Dify.Core.Models;
using Dify.Core.Storage;
using Dify.Core.Tools;
using Dify.Core.Workflows.Definitions;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Drafts.Checking;

/// <summary>Whether the workspace has what the nodes use. It may be set up any time, so these are warnings.</summary>
internal sealed class SetupCheck(IDbContextFactory<DifyDbContext> contexts, ModelCatalog models, ToolCatalog tools)
{
    /// <summary>More are not looked up.</summary>
    private const int MostLookUps = 100;

    public async Task RunAsync(Guid workspaceId, CheckedGraph graph, IssueList issues, CancellationToken cancellationToken)
    {
        await CheckModelsAsync(workspaceId, graph, issues, cancellationToken);
        await CheckKnowledgeAsync(workspaceId, graph, issues, cancellationToken);
        await CheckToolsAsync(workspaceId, graph, issues, cancellationToken);
    }

    private async Task CheckModelsAsync(Guid workspaceId, CheckedGraph graph, IssueList issues, CancellationToken cancellationToken)
    {
        var users = graph.Nodes.Where(node => node.Type is NodeTypes.Llm or NodeTypes.QuestionClassifier or NodeTypes.ParameterExtractor)
            .Select(node => (Node: node, Model: ModelOf(node)))
            .Where(use => use.Model is not null)
            .GroupBy(use => use.Model!)
            .Take(MostLookUps);
        foreach (var use in users)
        {
            if (await models.FindAsync(workspaceId, ModelType.Llm, use.Key, cancellationToken) is null)
            {
                foreach (var (node, _) in use)
                {
                    issues.Warn(node, "model_not_set_up", $"{use.Key.Provider}/{use.Key.Name}");
                }
            }
        }
    }

    private async Task CheckKnowledgeAsync(Guid workspaceId, CheckedGraph graph, IssueList issues, CancellationToken cancellationToken)
    {
        var users = graph.Nodes.Where(node => node.Type == NodeTypes.KnowledgeRetrieval)
            .Select(node => (Node: node, Ids: NodeData.Selector(node.Data, "dataset_ids")))
            .Where(use => use.Ids.Length > 0)
            .ToList();
        var wanted = users.SelectMany(use => use.Ids).Select(id => Guid.TryParse(id, out var known) ? known : Guid.Empty)
            .Distinct().Take(MostLookUps).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = (await db.KnowledgeBases.Where(k => k.WorkspaceId == workspaceId && wanted.Contains(k.Id))
            .Select(k => k.Id).ToListAsync(cancellationToken)).ToHashSet();
        foreach (var (node, ids) in users)
        {
            var missing = ids.Count(id => !Guid.TryParse(id, out var known) || (wanted.Contains(known) && !found.Contains(known)));
            if (missing > 0)
            {
                issues.Warn(node, "knowledge_not_set_up", missing.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    private async Task CheckToolsAsync(Guid workspaceId, CheckedGraph graph, IssueList issues, CancellationToken cancellationToken)
    {
        var users = graph.Nodes.Where(node => node.Type == NodeTypes.Tool && NodeData.Text(node.Data, "tool_name") is { Length: > 0 })
            .GroupBy(node => ToolReference.Parse(
                NodeData.Text(node.Data, "provider_type"), NodeData.Text(node.Data, "provider_id") ?? NodeData.Text(node.Data, "provider_name"),
                NodeData.Text(node.Data, "tool_name")))
            .Take(MostLookUps);
        foreach (var use in users)
        {
            if (await tools.DescribeAsync(workspaceId, use.Key, cancellationToken) is null)
            {
                foreach (var node in use)
                {
                    issues.Warn(node, "tool_not_set_up", $"{use.Key.ProviderId}/{use.Key.ToolName}");
                }
            }
        }
    }

    private static ModelReference? ModelOf(CheckedNode node) =>
        NodeData.Object(node.Data, "model") is { } model
        && NodeData.Text(model, "provider") is { Length: > 0 } provider && NodeData.Text(model, "name") is { Length: > 0 } name
            ? ModelReference.Parse(provider, name)
            : null;
}
