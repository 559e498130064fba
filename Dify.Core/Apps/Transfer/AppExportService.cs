using Dify.Core.Apps.Transfer.Yaml;
using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Storage;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dify.Core.Apps.Transfer;

/// <summary>Writes apps as Dify's app files.</summary>
public sealed class AppExportService(
    IDbContextFactory<DifyDbContext> contexts, AppService apps, WorkflowDraftService drafts, IOptions<TransferOptions> options)
{
    /// <summary>The draft of an app, or one of its published versions, as YAML.</summary>
    /// <param name="actor">Needs the right to edit apps.</param>
    /// <param name="appId">The app.</param>
    /// <param name="includeSecrets">Whether values of secret variables are written; they are empty otherwise.</param>
    /// <param name="versionId">A published version; null: the draft.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DifyException">404 for an app or a version that is not there.</exception>
    public async Task<string> ExportAsync(
        Actor actor, Guid appId, bool includeSecrets = false, Guid? versionId = null, CancellationToken cancellationToken = default)
    {
        var app = await apps.GetAsync(actor, appId, cancellationToken);
        var content = app.Mode.HasWorkflow() ? await drafts.ReadAsync(actor, appId, versionId, cancellationToken) : null;
        var own = content is null || !options.Value.DisguiseKnowledgeIds ? [] : await OwnKnowledgeAsync(app, content, cancellationToken);
        return YamlWriter.Write(AppFileWriter.Write(
            app, content, includeSecrets, id => own.Contains(id) ? DatasetIds.Disguise(app.WorkspaceId, id) : id));
    }

    /// <summary>Only ids of this workspace's knowledge are disguised: what came from elsewhere stays readable there.</summary>
    private async Task<HashSet<string>> OwnKnowledgeAsync(App app, WorkflowContent content, CancellationToken cancellationToken)
    {
        var named = DatasetIds.NodesOf(content.Graph, "knowledge-retrieval")
            .SelectMany(data => NodeData.Selector(data, "dataset_ids"))
            .Where(id => Guid.TryParse(id, out _)).ToLookup(Guid.Parse);
        if (named.Count == 0)
        {
            return [];
        }

        var ids = named.Select(group => group.Key).ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.KnowledgeBases.Where(k => k.WorkspaceId == app.WorkspaceId && ids.Contains(k.Id))
            .Select(k => k.Id).ToListAsync(cancellationToken);
        return [.. found.SelectMany(id => named[id])];
    }

    /// <summary>Whether an export could carry secrets, so that a person is asked.</summary>
    public async Task<bool> HasSecretsAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default)
    {
        var app = await apps.GetAsync(actor, appId, cancellationToken);
        return app.Mode.HasWorkflow()
            && (await drafts.GetAsync(actor, appId, cancellationToken)).Content.EnvironmentVariables.Any(v => v.IsSecret);
    }
}
