using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Drafts;

/// <summary>Publishing, the history of versions, and versions that runs of a draft need.</summary>
public sealed partial class WorkflowDraftService
{
    private const int LongestName = 20;
    private const int LongestNote = 100;

    /// <summary>Makes the draft the version that end users get. A graph with errors is refused.</summary>
    /// <param name="also">Staged in the same transaction.</param>
    /// <exception cref="DifyException"><c>workflow_has_errors</c> with the first of them.</exception>
    public async Task<WorkflowVersion> PublishAsync(
        Actor actor, Guid appId, string name, string note, Action<DifyDbContext>? also = null, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        CheckWords(name, note);
        var workflow = await LoadAsync(actor, appId, cancellationToken);
        var issues = await check.RunAsync(
            actor.WorkspaceId, appId, ContentSeal.OpenMasked(StoredContent.Of(workflow)), cancellationToken);
        var errors = issues.Where(issue => issue.IsError).ToList();
        if (errors.Count > 0)
        {
            throw new DifyException(ErrorCodes.WorkflowHasErrors, Describe(errors));
        }

        var version = ToVersion(workflow, WorkflowVersionKind.Published, actor.AccountId, name.Trim(), note.Trim());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(version);
        db.Attach(workflow);
        workflow.PublishedVersionId = version.Id;
        also?.Invoke(db);
        await db.SaveChangesAsync(cancellationToken);
        versions.Forget(appId);
        return version;
    }

    /// <summary>The version that end users get; null: nothing is published.</summary>
    public async Task<WorkflowVersion?> FindPublishedAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        return (await LoadAsync(actor, appId, cancellationToken)).PublishedVersionId is { } versionId
            ? await LoadVersionAsync(actor, appId, versionId, cancellationToken)
            : null;
    }

    /// <summary>Published versions, newest first.</summary>
    public async Task<Page<WorkflowVersion>> ListVersionsAsync(
        Actor actor, Guid appId, int page = 1, int limit = 20, bool onlyMine = false, bool onlyNamed = false, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        if (page is < 1 or > 99_999 || limit is < 1 or > 100)
        {
            throw DifyException.Invalid("page: from 1. limit: 1 to 100.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = Published(db, actor, appId);
        if (onlyMine)
        {
            found = found.Where(version => version.CreatedBy == actor.AccountId);
        }

        if (onlyNamed)
        {
            found = found.Where(version => version.Name != "");
        }

        var items = await found.OrderByDescending(version => version.CreatedAt).ThenByDescending(version => version.Id)
            .Skip((page - 1) * limit).Take(limit + 1).ToListAsync(cancellationToken);
        return new Page<WorkflowVersion>([.. items.Take(limit)], null, items.Count > limit);
    }

    /// <summary>Changes what is said of a version: a name of at most 20 characters, a note of at most 100; null keeps it.</summary>
    public async Task<WorkflowVersion> RenameVersionAsync(
        Actor actor, Guid appId, Guid versionId, string? name, string? note, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        CheckWords(name ?? "", note ?? "");
        var version = await LoadVersionAsync(actor, appId, versionId, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Attach(version);
        version.Name = name?.Trim() ?? version.Name;
        version.Note = note?.Trim() ?? version.Note;
        version.UpdatedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return version;
    }

    /// <summary>Deletes an old version; never the published one, nor one that runs.</summary>
    public async Task DeleteVersionAsync(Actor actor, Guid appId, Guid versionId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var version = await Published(db, actor, appId).FirstOrDefaultAsync(v => v.Id == versionId, cancellationToken)
            ?? throw VersionNotFound();
        if (await db.Workflows.AnyAsync(w => w.AppId == appId && w.PublishedVersionId == versionId, cancellationToken))
        {
            throw DifyException.Invalid("Cannot delete workflow version that is currently in use by app.");
        }

        if (await db.WorkflowRuns.AnyAsync(run => run.AppId == appId && run.VersionId == versionId && run.FinishedAt == null, cancellationToken))
        {
            throw DifyException.Invalid("A run of this version has not ended yet. Stop it or wait, then delete the version.");
        }

        db.Remove(version);
        await db.SaveChangesAsync(cancellationToken);
        versions.ForgetVersion(versionId);
    }

    /// <summary>Makes a version the draft again.</summary>
    public async Task<WorkflowDraft> RestoreAsync(Actor actor, Guid appId, Guid versionId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        var stored = StoredContent.Of(await LoadVersionAsync(actor, appId, versionId, cancellationToken));
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var workflow = await LoadAsync(actor, appId, cancellationToken);
            if (await ReplaceAsync(actor, workflow, stored, cancellationToken))
            {
                return ToDraft(workflow);
            }
        }

        throw NotInSync();
    }

    /// <summary>The draft as a version that never changes, for a run of it; the same content gives the same version.</summary>
    public async Task<Guid> SnapshotAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        var workflow = await LoadAsync(actor, appId, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await db.WorkflowVersions
            .Where(v => v.AppId == appId && v.WorkspaceId == actor.WorkspaceId && v.Hash == workflow.Hash
                && v.Kind == WorkflowVersionKind.Snapshot)
            .OrderBy(v => v.Id).Select(v => (Guid?)v.Id).FirstOrDefaultAsync(cancellationToken);
        if (known is { } same)
        {
            return same;
        }

        var version = ToVersion(workflow, WorkflowVersionKind.Snapshot, actor.AccountId, "", "");
        db.Add(version);
        await db.SaveChangesAsync(cancellationToken);
        return version.Id;
    }

    private async Task<WorkflowVersion> LoadVersionAsync(
        Actor actor, Guid appId, Guid versionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Published(db, actor, appId).FirstOrDefaultAsync(v => v.Id == versionId, cancellationToken)
            ?? throw VersionNotFound();
    }

    private static IQueryable<WorkflowVersion> Published(DifyDbContext db, Actor actor, Guid appId) =>
        db.WorkflowVersions.AsNoTracking().Where(v =>
            v.AppId == appId && v.WorkspaceId == actor.WorkspaceId && v.Kind == WorkflowVersionKind.Published);

    private WorkflowVersion ToVersion(Workflow workflow, WorkflowVersionKind kind, Guid by, string name, string note)
    {
        var now = time.GetUtcNow();
        return new WorkflowVersion
        {
            WorkspaceId = workflow.WorkspaceId,
            AppId = workflow.AppId,
            Kind = kind,
            Graph = workflow.Graph,
            Features = workflow.Features,
            EnvironmentVariables = workflow.EnvironmentVariables,
            ConversationVariables = workflow.ConversationVariables,
            Hash = workflow.Hash,
            Name = name,
            Note = note,
            CreatedBy = by,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private static void CheckWords(string name, string note)
    {
        if (name is null || name.Trim().Length > LongestName)
        {
            throw DifyException.Invalid($"marked_name: at most {LongestName} characters.");
        }

        if (note is null || note.Trim().Length > LongestNote)
        {
            throw DifyException.Invalid($"marked_comment: at most {LongestNote} characters.");
        }
    }

    private static string Describe(List<GraphIssue> errors)
    {
        var first = string.Join(" ", errors.Take(3).Select(error => error.Message));
        return errors.Count <= 3 ? first : $"{first} And {errors.Count - 3} more.";
    }

    private static DifyException VersionNotFound() => DifyException.NotFound("This version of the workflow does not exist.");
}
