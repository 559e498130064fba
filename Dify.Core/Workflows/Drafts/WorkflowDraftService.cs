using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;

namespace Dify.Core.Workflows.Drafts;

/// <summary>Drafts of workflows and their published versions, for those who may edit apps.</summary>
public sealed class WorkflowDraftService
{
    /// <summary>Stages the workflow of a new app in the caller's transaction.</summary>
    public void Stage(DifyDbContext db, Guid workspaceId, Guid appId, WorkflowContent content, Guid by) =>
        throw new NotImplementedException();

    /// <summary>The draft, secrets masked.</summary>
    public Task<WorkflowDraft> GetAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Replaces the draft as a whole. A masked secret keeps its stored value.</summary>
    /// <param name="revision">The revision that the editor started from; null: do not ask.</param>
    /// <param name="hash">The same by Dify's hash; null: do not ask.</param>
    /// <exception cref="DifyException">409 <c>draft_workflow_not_sync</c> when someone else saved meanwhile; <c>invalid_param</c> for variables that break the rules.</exception>
    public Task<WorkflowDraft> SaveAsync(
        Actor actor, Guid appId, WorkflowContent content, int? revision = null, string? hash = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Applies small steps in order, all or none; idempotent for removals.</summary>
    /// <returns>The new revision and hash.</returns>
    /// <exception cref="DifyException">409 <c>draft_workflow_not_sync</c> when <paramref name="revision"/> is not the newest.</exception>
    public Task<WorkflowDraft> ApplyAsync(
        Actor actor, Guid appId, int revision, IReadOnlyList<GraphChange> changes, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Checks the draft without changing anything.</summary>
    public Task<IReadOnlyList<GraphIssue>> CheckAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Makes the draft the version that end users get. A graph with errors is refused.</summary>
    /// <param name="also">Staged in the same transaction.</param>
    public Task<WorkflowVersion> PublishAsync(
        Actor actor, Guid appId, string name, string note, Action<DifyDbContext>? also = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Published versions, newest first.</summary>
    public Task<Page<WorkflowVersion>> ListVersionsAsync(
        Actor actor, Guid appId, int page = 1, int limit = 20, bool onlyMine = false, bool onlyNamed = false, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<WorkflowVersion> RenameVersionAsync(
        Actor actor, Guid appId, Guid versionId, string name, string note, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Deletes an old version; never the published one.</summary>
    public Task DeleteVersionAsync(Actor actor, Guid appId, Guid versionId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Makes a version the draft again.</summary>
    public Task<WorkflowDraft> RestoreAsync(Actor actor, Guid appId, Guid versionId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The content of the draft (or of a published version) with secrets in clear, for export and running.</summary>
    public Task<WorkflowContent> ReadAsync(
        Actor actor, Guid appId, Guid? versionId = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The draft as a version that never changes, for a run of it; the same content gives the same version.</summary>
    public Task<Guid> SnapshotAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
