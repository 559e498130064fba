using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Drafts;

/// <summary>Drafts of workflows and their published versions, for those who may edit apps.</summary>
public sealed partial class WorkflowDraftService(
    IDbContextFactory<DifyDbContext> contexts, SecretBox secrets, WorkflowVersions versions, WorkflowCheck check, TimeProvider time)
{
    /// <summary>How often a change that asks for no revision is tried again when others are faster.</summary>
    private const int MostAttempts = 5;

    private readonly ContentSeal _seal = new(secrets);

    /// <summary>Stages the workflow of a new app in the caller's transaction.</summary>
    /// <exception cref="DifyException"><c>invalid_param</c> for content that breaks the rules.</exception>
    public void Stage(DifyDbContext db, Guid workspaceId, Guid appId, WorkflowContent content, Guid by)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(content);
        var stored = _seal.Seal(workspaceId, content);
        var now = time.GetUtcNow();
        db.Add(new Workflow
        {
            AppId = appId,
            WorkspaceId = workspaceId,
            Graph = stored.Graph,
            Features = stored.Features,
            EnvironmentVariables = stored.EnvironmentVariables,
            ConversationVariables = stored.ConversationVariables,
            Hash = stored.Hash,
            UpdatedBy = by,
            CreatedAt = now,
            UpdatedAt = now,
        });
    }

    /// <summary>The draft, secrets masked.</summary>
    public async Task<WorkflowDraft> GetAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        return ToDraft(await LoadAsync(actor, appId, cancellationToken));
    }

    /// <summary>Replaces the draft as a whole. A masked secret keeps its stored value.</summary>
    /// <param name="revision">The revision that the editor started from; null: do not ask.</param>
    /// <param name="hash">The same by Dify's hash; null: do not ask.</param>
    /// <exception cref="DifyException">409 <c>draft_workflow_not_sync</c> when someone else saved meanwhile; <c>invalid_param</c> for variables that break the rules.</exception>
    public async Task<WorkflowDraft> SaveAsync(
        Actor actor, Guid appId, WorkflowContent content, int? revision = null, string? hash = null,
        CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        ArgumentNullException.ThrowIfNull(content);
        for (var attempt = 1; ; attempt++)
        {
            var workflow = await LoadAsync(actor, appId, cancellationToken);
            if ((revision is { } asked && asked != workflow.Revision) || (hash is not null && hash != workflow.Hash))
            {
                throw NotInSync();
            }

            var stored = _seal.Seal(actor.WorkspaceId, content, workflow.EnvironmentVariables);
            if (await ReplaceAsync(actor, workflow, stored, cancellationToken))
            {
                return ToDraft(workflow);
            }

            if (revision is not null || hash is not null || attempt == MostAttempts)
            {
                throw NotInSync();
            }
        }
    }

    /// <summary>Applies small steps in order, all or none; idempotent for removals.</summary>
    /// <returns>The new revision and hash.</returns>
    /// <exception cref="DifyException">409 <c>draft_workflow_not_sync</c> when <paramref name="revision"/> is not the newest.</exception>
    public async Task<WorkflowDraft> ApplyAsync(
        Actor actor, Guid appId, int revision, IReadOnlyList<GraphChange> changes, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        ArgumentNullException.ThrowIfNull(changes);
        var workflow = await LoadAsync(actor, appId, cancellationToken);
        if (workflow.Revision != revision)
        {
            throw NotInSync();
        }

        var graph = WorkflowRules.Read(workflow.Graph, "graph");
        GraphEditing.Apply(graph, changes);
        var stored = _seal.WithGraph(actor.WorkspaceId, StoredContent.Of(workflow), graph);
        return await ReplaceAsync(actor, workflow, stored, cancellationToken) ? ToDraft(workflow) : throw NotInSync();
    }

    /// <summary>Checks the draft without changing anything.</summary>
    public async Task<IReadOnlyList<GraphIssue>> CheckAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        var workflow = await LoadAsync(actor, appId, cancellationToken);
        return await check.RunAsync(actor.WorkspaceId, appId, ContentSeal.OpenMasked(StoredContent.Of(workflow)), cancellationToken);
    }

    /// <summary>The content of the draft (or of a published version) with secrets in clear, for export and running.</summary>
    public async Task<WorkflowContent> ReadAsync(
        Actor actor, Guid appId, Guid? versionId = null, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        var stored = versionId is { } id
            ? StoredContent.Of(await LoadVersionAsync(actor, appId, id, cancellationToken))
            : StoredContent.Of(await LoadAsync(actor, appId, cancellationToken));
        return _seal.Open(actor.WorkspaceId, stored);
    }

    /// <returns>Whether nobody was faster; then <paramref name="workflow"/> is what the row is now.</returns>
    private async Task<bool> ReplaceAsync(
        Actor actor, Workflow workflow, StoredContent stored, CancellationToken cancellationToken)
    {
        var (before, now) = (workflow.Revision, time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var changed = await db.Workflows
            .Where(w => w.AppId == workflow.AppId && w.WorkspaceId == actor.WorkspaceId && w.Revision == before)
            .ExecuteUpdateAsync(
                set => set.SetProperty(w => w.Graph, stored.Graph)
                    .SetProperty(w => w.Features, stored.Features)
                    .SetProperty(w => w.EnvironmentVariables, stored.EnvironmentVariables)
                    .SetProperty(w => w.ConversationVariables, stored.ConversationVariables)
                    .SetProperty(w => w.Hash, stored.Hash)
                    .SetProperty(w => w.Revision, before + 1)
                    .SetProperty(w => w.UpdatedBy, actor.AccountId)
                    .SetProperty(w => w.UpdatedAt, now),
                cancellationToken);
        if (changed == 0)
        {
            return false;
        }

        workflow.Graph = stored.Graph;
        workflow.Features = stored.Features;
        workflow.EnvironmentVariables = stored.EnvironmentVariables;
        workflow.ConversationVariables = stored.ConversationVariables;
        workflow.Hash = stored.Hash;
        workflow.Revision = before + 1;
        workflow.UpdatedBy = actor.AccountId;
        workflow.UpdatedAt = now;
        return true;
    }

    private async Task<Workflow> LoadAsync(Actor actor, Guid appId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Workflows.AsNoTracking()
            .FirstOrDefaultAsync(w => w.AppId == appId && w.WorkspaceId == actor.WorkspaceId, cancellationToken)
            ?? throw new DifyException(ErrorCodes.DraftWorkflowNotExist, "This app has no workflow.", 404);
    }

    private static WorkflowDraft ToDraft(Workflow workflow) => new(
        workflow.AppId, ContentSeal.OpenMasked(StoredContent.Of(workflow)), workflow.Revision, workflow.Hash,
        workflow.PublishedVersionId, workflow.UpdatedBy, workflow.CreatedAt, workflow.UpdatedAt);

    private static DifyException NotInSync() => DifyException.Conflict(
        ErrorCodes.DraftWorkflowNotSync,
        "Someone else changed this workflow meanwhile. Load it again, then repeat your change.");
}
