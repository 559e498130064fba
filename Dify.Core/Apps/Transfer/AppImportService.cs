using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Apps.Transfer;

/// <summary>Brings apps in from Dify's app files.</summary>
public sealed class AppImportService
{
    private static readonly TimeSpan WaitsFor = TimeSpan.FromMinutes(10);

    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly AppFileSource _source;
    private readonly FileImport _import;
    private readonly AppService _apps;
    private readonly ImportReporter _reporter;
    private readonly TimeProvider _time;

    internal AppImportService(
        IDbContextFactory<DifyDbContext> contexts, AppFileSource source, FileImport import, AppService apps, ImportReporter reporter, TimeProvider time) =>
        (_contexts, _source, _import, _apps, _reporter, _time) = (contexts, source, import, apps, reporter, time);

    /// <summary>
    /// Makes a new app from a file, or replaces the draft of a workflow or chatflow. Nothing is published. A file of
    /// a newer version waits for <see cref="ConfirmAsync"/>. Whatever is wrong with the file is told by the result.
    /// </summary>
    /// <exception cref="DifyException">403 without the right to edit apps.</exception>
    public async Task<ImportResult> ImportAsync(Actor actor, ImportRequest request, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        ArgumentNullException.ThrowIfNull(request);
        var id = Guid.CreateVersion7();
        var version = "";
        try
        {
            var text = await ReadAsync(request, cancellationToken);
            var file = AppFileReader.Read(text);
            version = file.Version;
            var target = await FindTargetAsync(actor, request.Wishes, cancellationToken);
            if (file.Status == ImportStatus.Pending)
            {
                await KeepAsync(actor, id, text, request.Wishes, cancellationToken);
                return new ImportResult(id, ImportStatus.Pending, target, version);
            }

            return await FinishAsync(actor, id, file, request.Wishes, target, file.Status, cancellationToken);
        }
        catch (DifyException problem) when (problem.Status is 400 or 404 or 413)
        {
            return new ImportResult(id, ImportStatus.Failed, null, version, problem.Message);
        }
    }

    /// <summary>Finishes an import that waits, for the one who began it and within ten minutes.</summary>
    /// <exception cref="DifyException">403 without the right to edit apps.</exception>
    public async Task<ImportResult> ConfirmAsync(Actor actor, Guid importId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.EditApps);
        if (await TakeAsync(actor, importId, cancellationToken) is not { } pending)
        {
            return new ImportResult(importId, ImportStatus.Failed, Error: "Import information expired or does not exist");
        }

        var version = "";
        try
        {
            var file = AppFileReader.Read(pending.Content);
            version = file.Version;
            var target = await FindTargetAsync(actor, pending.Wishes, cancellationToken);
            return await FinishAsync(actor, importId, file, pending.Wishes, target, ImportStatus.Completed, cancellationToken);
        }
        catch (DifyException problem) when (problem.Status is 400 or 404 or 413)
        {
            return new ImportResult(importId, ImportStatus.Failed, null, version, problem.Message);
        }
    }

    /// <summary>What an app needs before it runs here, imported or not.</summary>
    public async Task<ImportReport> ReportAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default) =>
        await _reporter.ReportAsync(actor, await _apps.GetAsync(actor, appId, cancellationToken), cancellationToken);

    /// <summary>Plugins that the app's file lists and that nothing here stands in for, in the form of the file.</summary>
    public async Task<IReadOnlyList<JsonNode>> CheckDependenciesAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default) =>
        await _reporter.MissingDependenciesAsync(actor, await _apps.GetAsync(actor, appId, cancellationToken), cancellationToken);

    private async Task<string> ReadAsync(ImportRequest request, CancellationToken cancellationToken) => request.Mode switch
    {
        ImportRequest.FromContent => request.YamlContent is { Length: > 0 } text
            ? text : throw DifyException.Invalid("yaml_content is required when import_mode is yaml-content"),
        ImportRequest.FromUrl => request.YamlUrl is { Length: > 0 } url
            ? await _source.FetchAsync(url, cancellationToken) : throw DifyException.Invalid("yaml_url is required when import_mode is yaml-url"),
        _ => throw DifyException.Invalid($"Invalid import_mode: {request.Mode}"),
    };

    private async Task<App?> FindTargetAsync(Actor actor, ImportWishes wishes, CancellationToken cancellationToken)
    {
        if (wishes.AppId is not { } appId)
        {
            return null;
        }

        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var app = await db.Apps.AsNoTracking()
            .FirstOrDefaultAsync(a => a.Id == appId && a.WorkspaceId == actor.WorkspaceId, cancellationToken)
            ?? throw DifyException.NotFound("App not found");
        return app.Mode.HasWorkflow() ? app : throw DifyException.Invalid("Only workflow or advanced chat apps can be overwritten");
    }

    private async Task<ImportResult> FinishAsync(
        Actor actor, Guid id, AppFile file, ImportWishes wishes, App? target, ImportStatus status, CancellationToken cancellationToken)
    {
        var (app, changes) = target is null
            ? await _import.CreateAsync(actor, file, wishes, cancellationToken)
            : await _import.OverwriteAsync(actor, target, file, wishes, cancellationToken);
        var report = await _reporter.ReportAsync(actor, app, cancellationToken);
        return new ImportResult(id, status, app, file.Version, "", report with { Changes = changes });
    }

    private async Task KeepAsync(Actor actor, Guid id, string text, ImportWishes wishes, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await db.PendingImports.Where(p => p.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        db.Add(new PendingImport
        {
            Id = id,
            WorkspaceId = actor.WorkspaceId,
            AccountId = actor.AccountId,
            Content = text,
            Wishes = wishes,
            ExpiresAt = now + WaitsFor,
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Takes an import out, so that it is finished once only.</summary>
    private async Task<PendingImport?> TakeAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var pending = await db.PendingImports.AsNoTracking().FirstOrDefaultAsync(
            p => p.Id == id && p.WorkspaceId == actor.WorkspaceId && p.AccountId == actor.AccountId && p.ExpiresAt >= now, cancellationToken);
        return pending is not null && await db.PendingImports.Where(p => p.Id == id).ExecuteDeleteAsync(cancellationToken) == 1 ? pending : null;
    }
}
