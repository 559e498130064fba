using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.ApiKeys;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Apps;

/// <summary>The Studio: apps of a workspace, their drafts and what is published.</summary>
public sealed partial class AppService(
    IDbContextFactory<DifyDbContext> contexts, ModelCatalog catalog, ModelRuntime models, PublishedApps published,
    WorkflowDraftService workflows, WorkflowVersions versions, ApiKeyService keys, IEnumerable<IAppDeletion> deletions,
    TimeProvider time)
{
    private const string SiteAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private readonly AppPublishing _publishing = new(contexts, models);

    /// <summary>
    /// Newest change first. <paramref name="keyword"/> filters by name, <paramref name="mode"/> by mode. Members who
    /// may not edit apps see those that are published.
    /// </summary>
    public async Task<Page<App>> ListAsync(
        Actor actor, int page = 1, int limit = 20, string? keyword = null, AppMode? mode = null,
        CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.UsePublishedApps);
        if (page is < 1 or > 99_999 || limit is < 1 or > 100)
        {
            throw DifyException.Invalid("page: from 1. limit: 1 to 100.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var apps = db.Apps.AsNoTracking().Where(a => a.WorkspaceId == actor.WorkspaceId);
        if (!actor.Can(Permission.EditApps))
        {
            apps = apps.Where(a => a.PublishedAt != null && a.SiteEnabled);
        }

        if (!string.IsNullOrWhiteSpace(keyword))
        {
            var wanted = keyword.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Becomes SQL lower(), which knows no culture and no comparison.
            apps = apps.Where(a => a.Name.ToLower().Contains(wanted));
#pragma warning restore CA1304, CA1311, CA1862
        }

        if (mode is { } only)
        {
            apps = apps.Where(a => a.Mode == only);
        }

        var total = await apps.CountAsync(cancellationToken);
        var items = await apps.OrderByDescending(a => a.UpdatedAt).ThenByDescending(a => a.Id)
            .Skip((page - 1) * limit).Take(limit).ToListAsync(cancellationToken);
        return new Page<App>(items, total, page * (long)limit < total);
    }

    /// <summary>
    /// What every member may use: published apps by name, of which the web app, or with <paramref name="forApi"/> the
    /// API, is in service.
    /// </summary>
    public async Task<Page<App>> ListPublishedAsync(
        Actor actor, int page = 1, int limit = 30, bool forApi = false, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.UsePublishedApps);
        if (page is < 1 or > 99_999 || limit is < 1 or > 100)
        {
            throw DifyException.Invalid("page: from 1. limit: 1 to 100.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var items = await db.Apps.AsNoTracking()
            .Where(a => a.WorkspaceId == actor.WorkspaceId && a.PublishedAt != null && (forApi ? a.ApiEnabled : a.SiteEnabled))
            .OrderBy(a => a.Name).ThenBy(a => a.Id)
            .Skip((page - 1) * limit).Take(limit + 1).ToListAsync(cancellationToken);
        return new Page<App>([.. items.Take(limit)], null, items.Count > limit);
    }

    /// <summary>Makes an app with the workspace's default chat model.</summary>
    public async Task<App> CreateAsync(Actor actor, NewApp app, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        var info = AppRules.Check(app);
        if (info.Mode is not (AppMode.Chat or AppMode.Workflow or AppMode.AdvancedChat))
        {
            throw DifyException.Invalid($"mode: apps of mode '{info.Mode.ToWire()}' come from a file. Choose chat, advanced-chat or workflow.");
        }

        if (info.Mode == AppMode.Workflow)
        {
            return await AddAsync(actor, info, new AppModelConfig(), StartingGraphs.Workflow(), cancellationToken);
        }

        var model = await catalog.GetDefaultAsync(actor.WorkspaceId, ModelType.Llm, cancellationToken);
        return info.Mode == AppMode.AdvancedChat
            ? await AddAsync(actor, info, new AppModelConfig(), StartingGraphs.Chatflow(model), cancellationToken)
            : await AddAsync(
                actor, info, new AppModelConfig { Model = new AppModelSelection(model.Provider, model.Name) }, null, cancellationToken);
    }

    public async Task<App> GetAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, actor, appId, cancellationToken);
    }

    /// <summary>Changes name, description and icon; the mode never changes.</summary>
    public Task<App> UpdateInfoAsync(Actor actor, Guid appId, NewApp info, CancellationToken cancellationToken = default)
    {
        var checkedInfo = AppRules.Check(info);
        return ChangeAsync(actor, appId, app =>
        {
            app.Name = checkedInfo.Name;
            app.Description = checkedInfo.Description;
            app.Icon = checkedInfo.Icon;
            app.IconBackground = checkedInfo.IconBackground;
        }, cancellationToken);
    }

    /// <summary>An independent copy of the draft under a new name; not published, without keys or conversations.</summary>
    public async Task<App> DuplicateAsync(
        Actor actor, Guid appId, NewApp info, CancellationToken cancellationToken = default)
    {
        var original = await GetAsync(actor, appId, cancellationToken);
        var content = original.Mode.HasWorkflow() ? await workflows.ReadAsync(actor, appId, null, cancellationToken) : null;
        return await AddAsync(
            actor, AppRules.Check(info) with { Mode = original.Mode }, original.Draft, content, cancellationToken, original.FileExtras);
    }

    /// <summary>Deletes the app with its conversations and keys; running answers are stopped.</summary>
    public async Task DeleteAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var app = await FindAsync(db, actor, appId, cancellationToken);
        foreach (var deletion in deletions)
        {
            await deletion.PrepareAsync(appId, cancellationToken);
        }

        db.Remove(app);
        await db.SaveChangesAsync(cancellationToken);
        keys.ForgetApp(appId);
        versions.ForgetApp(appId);
        published.Forget(appId);
    }

    /// <summary>Stores the draft.</summary>
    /// <param name="revision">The revision that the editor started from.</param>
    /// <returns>The new revision.</returns>
    /// <exception cref="DifyException">409 <c>draft_conflict</c> when someone else saved meanwhile.</exception>
    public async Task<int> SaveDraftAsync(
        Actor actor, Guid appId, AppModelConfig draft, int revision, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        ModelConfigRules.CheckDraft(draft);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var saved = await db.Apps
            .Where(a => a.Id == appId && a.WorkspaceId == actor.WorkspaceId && a.DraftRevision == revision)
            .ExecuteUpdateAsync(
                set => set.SetProperty(a => a.Draft, draft)
                    .SetProperty(a => a.DraftRevision, revision + 1)
                    .SetProperty(a => a.UpdatedAt, now),
                cancellationToken);
        if (saved == 0)
        {
            await FindAsync(db, actor, appId, cancellationToken);
            throw DifyException.Conflict(
                ErrorCodes.DraftConflict, "Someone else changed this app meanwhile. Load it again, then repeat your change.");
        }

        return revision + 1;
    }

    /// <summary>Checks the draft (model and knowledge exist, variables valid) and makes it what end users get.</summary>
    public async Task<App> PublishAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default)
    {
        var app = await GetAsync(actor, appId, cancellationToken);
        if (app.Mode.HasWorkflow())
        {
            return await PublishWorkflowAsync(actor, app, "", "", cancellationToken);
        }

        await _publishing.CheckAsync(actor, app, app.Draft, cancellationToken);
        return await ChangeAsync(actor, appId, changed => Publish(changed, app.Draft), cancellationToken);
    }

    /// <summary>Stores a configuration as draft and publishes it, both or neither.</summary>
    public async Task<App> SaveAndPublishAsync(
        Actor actor, Guid appId, AppModelConfig config, CancellationToken cancellationToken = default)
    {
        var app = await GetAsync(actor, appId, cancellationToken);
        RequireConfiguration(app);
        await _publishing.CheckAsync(actor, app, config, cancellationToken);
        return await ChangeAsync(actor, appId, changed =>
        {
            changed.Draft = config;
            changed.DraftRevision++;
            Publish(changed, config);
        }, cancellationToken);
    }

    public Task<App> SetAccessAsync(
        Actor actor, Guid appId, bool siteEnabled, bool apiEnabled, CancellationToken cancellationToken = default) =>
        ChangeAsync(actor, appId, app =>
        {
            app.SiteEnabled = siteEnabled;
            app.ApiEnabled = apiEnabled;
        }, cancellationToken);

    /// <summary>The published app behind a web address, without any right needed; null when off or unpublished.</summary>
    public async Task<App?> FindSiteAsync(string siteCode, CancellationToken cancellationToken = default)
    {
        if (siteCode is not { Length: > 0 and <= 32 })
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Apps.AsNoTracking().FirstOrDefaultAsync(
            a => a.SiteCode == siteCode && a.SiteEnabled && a.PublishedAt != null, cancellationToken);
    }

    /// <summary>The name of the member who made an app, for those who use it; empty when the account is gone.</summary>
    public async Task<string> FindAuthorNameAsync(App app, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.Where(a => a.Id == app.CreatedBy).Select(a => a.Name)
            .FirstOrDefaultAsync(cancellationToken) ?? "";
    }

    /// <summary>Checks an unsaved configuration that a member tries out.</summary>
    internal Task CheckPreviewAsync(
        App app, Guid? accountId, AppModelConfig config, CancellationToken cancellationToken) =>
        _publishing.CheckPreviewAsync(app, accountId, config, cancellationToken);

    internal static string NewSiteCode() => RandomNumberGenerator.GetString(SiteAlphabet, 16);

    private void Publish(App app, AppModelConfig config)
    {
        app.Published = config;
        app.PublishedAt = time.GetUtcNow();
    }

    private async Task<App> AddAsync(
        Actor actor, NewApp info, AppModelConfig draft, WorkflowContent? content, CancellationToken cancellationToken,
        JsonObject? extras = null)
    {
        var now = time.GetUtcNow();
        var app = new App
        {
            WorkspaceId = actor.WorkspaceId,
            Name = info.Name,
            Description = info.Description,
            Mode = info.Mode,
            Icon = info.Icon,
            IconBackground = info.IconBackground,
            Draft = draft,
            FileExtras = extras,
            SiteCode = NewSiteCode(),
            CreatedBy = actor.AccountId,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(app);
        if (content is not null)
        {
            workflows.Stage(db, actor.WorkspaceId, app.Id, content, actor.AccountId);
        }

        await db.SaveChangesAsync(cancellationToken);
        return app;
    }

    private async Task<App> ChangeAsync(
        Actor actor, Guid appId, Action<App> change, CancellationToken cancellationToken)
    {
        actor.Require(Permission.EditApps);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var app = await FindAsync(db, actor, appId, cancellationToken);
        change(app);
        app.UpdatedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        published.Forget(appId);
        return app;
    }

    private static async Task<App> FindAsync(
        DifyDbContext db, Actor actor, Guid appId, CancellationToken cancellationToken) =>
        await db.Apps.FirstOrDefaultAsync(a => a.Id == appId && a.WorkspaceId == actor.WorkspaceId, cancellationToken)
        ?? throw DifyException.NotFound("App not found.");
}
