using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Variables;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Workflows.Runs;

/// <summary>Reads what has run: lists, one run, its trace, and the variables of the last run of a draft. Secrets are masked.</summary>
public sealed class RunHistory(IDbContextFactory<DifyDbContext> contexts, SecretBox box)
{
    private const int MostTries = 100;

    /// <summary>Runs of an app, newest first, without their inputs, outputs and beginnings.</summary>
    public Task<Page<WorkflowRun>> ListAsync(
        Actor actor, Guid appId, RunFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.ViewMonitoring);
        return ListAsync(actor.WorkspaceId, appId, filter, cancellationToken);
    }

    /// <summary>The same for callers of the API, who were let in by the app's key.</summary>
    public async Task<Page<WorkflowRun>> ListAsync(
        Guid workspaceId, Guid appId, RunFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Page is < 1 or > 99_999 || filter.Limit is < 1 or > 100)
        {
            throw DifyException.Invalid("page: from 1. limit: 1 to 100.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = Matching(db.WorkflowRuns.Where(run => run.AppId == appId && run.WorkspaceId == workspaceId), filter);
        var total = await found.CountAsync(cancellationToken);
        var items = await WithoutValues(found.OrderByDescending(run => run.CreatedAt).ThenByDescending(run => run.Id)
            .Skip((filter.Page - 1) * filter.Limit).Take(filter.Limit)).ToListAsync(cancellationToken);
        return new Page<WorkflowRun>(items, total, filter.Page * filter.Limit < total);
    }

    /// <summary>Dify's console way of paging: the runs after one of them, newest first.</summary>
    /// <param name="lastId">The last run that was seen; null: from the newest.</param>
    /// <exception cref="DifyException">404 when there is no run <paramref name="lastId"/>.</exception>
    public async Task<Page<WorkflowRun>> ListAfterAsync(
        Actor actor, Guid appId, RunFilter filter, Guid? lastId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (lastId is not { } id)
        {
            return await ListAsync(actor, appId, filter with { Page = 1 }, cancellationToken);
        }

        var last = await GetAsync(actor, appId, id, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var older = Matching(db.WorkflowRuns.Where(run => run.AppId == appId && run.WorkspaceId == actor.WorkspaceId), filter)
            .Where(run => run.CreatedAt < last.CreatedAt || (run.CreatedAt == last.CreatedAt && run.Id.CompareTo(last.Id) < 0));
        var items = await WithoutValues(older.OrderByDescending(run => run.CreatedAt).ThenByDescending(run => run.Id).Take(filter.Limit + 1))
            .ToListAsync(cancellationToken);
        return new Page<WorkflowRun>([.. items.Take(filter.Limit)], null, items.Count > filter.Limit);
    }

    /// <exception cref="DifyException">404.</exception>
    public async Task<WorkflowRun> GetAsync(Actor actor, Guid appId, Guid runId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.ViewMonitoring);
        return await FindAsync(actor.WorkspaceId, appId, runId, cancellationToken) ?? throw RunNotFound();
    }

    /// <summary>The nodes of a run in the order of starting.</summary>
    /// <exception cref="DifyException">404.</exception>
    public async Task<IReadOnlyList<NodeExecution>> ListNodesAsync(
        Actor actor, Guid appId, Guid runId, CancellationToken cancellationToken = default)
    {
        await GetAsync(actor, appId, runId, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.NodeExecutions.AsNoTracking().Where(node => node.RunId == runId).OrderBy(node => node.Index)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The newest execution of a node in runs of the draft; null when it never ran.</summary>
    public async Task<NodeExecution?> FindLastOfNodeAsync(
        Actor actor, Guid appId, string nodeId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.EditApps);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var nodes = db.NodeExecutions;
        var recent = Drafts(db, actor, appId).OrderByDescending(run => run.CreatedAt).Take(MostTries).Select(run => run.Id);
        return await nodes.AsNoTracking().Where(node => recent.Contains(node.RunId) && node.NodeId == nodeId)
            .OrderByDescending(node => node.CreatedAt).ThenByDescending(node => node.Index)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The variables that the last run of the draft left, by node id: <c>{node: {name: value}}</c>, with <c>sys</c> and <c>conversation</c>.</summary>
    public async Task<JsonObject> ReadLastVariablesAsync(Actor actor, Guid appId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Permission.EditApps);
        return await ReadLastAsync(actor, appId, isMasked: true, cancellationToken);
    }

    /// <summary>For callers of the API: a run of this app that the caller may see; null when there is none.</summary>
    public async Task<WorkflowRun?> FindAsync(Guid workspaceId, Guid appId, Guid runId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WorkflowRuns.AsNoTracking()
            .FirstOrDefaultAsync(run => run.Id == runId && run.AppId == appId && run.WorkspaceId == workspaceId, cancellationToken);
    }

    /// <summary>The last run of the whole draft, and what nodes that were tried since gave.</summary>
    internal async Task<JsonObject> ReadLastAsync(Actor actor, Guid appId, bool isMasked, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (drafts, executions) = (Drafts(db, actor, appId), db.NodeExecutions);
        var last = await drafts.Where(run => run.Trigger == RunTrigger.Draft).OrderByDescending(run => run.CreatedAt)
            .AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        var since = last?.CreatedAt ?? DateTimeOffset.MinValue;
        var recent = drafts.Where(run => run.CreatedAt >= since).OrderByDescending(run => run.CreatedAt).Take(MostTries).Select(run => run.Id);
        var nodes = await executions.AsNoTracking()
            .Where(node => recent.Contains(node.RunId) && node.Path == "" && node.FinishedAt != null)
            .OrderBy(node => node.CreatedAt).ThenBy(node => node.Index).ToListAsync(cancellationToken);

        var beginning = last is null ? new RunBeginning("", [], []) : RunBeginning.Read(last.Beginning);
        var variables = new JsonObject
        {
            [VariablePool.System] = beginning.System.DeepClone(),
            [VariablePool.Conversation] = beginning.Conversation.DeepClone(),
        };
        foreach (var row in nodes)
        {
            var finished = isMasked ? null : StoredNode.Read(row, text => box.Open(row.WorkspaceId, text));
            variables[row.NodeId] = finished?.Result.Outputs.DeepClone() ?? StoredJson.Read(StoredJson.Shown(row.Outputs));
            foreach (var update in finished?.Result.Updates ?? StoredNode.ReadUpdates(row))
            {
                if (variables[update.Selector[0]] is JsonObject owner)
                {
                    owner[update.Selector[1]] = update.Value?.DeepClone();
                }
            }
        }

        return variables;
    }

    private static IQueryable<WorkflowRun> Drafts(DifyDbContext db, Actor actor, Guid appId) => db.WorkflowRuns.Where(
        run => run.AppId == appId && run.WorkspaceId == actor.WorkspaceId
            && (run.Trigger == RunTrigger.Draft || run.Trigger == RunTrigger.SingleNode));

    private static IQueryable<WorkflowRun> Matching(IQueryable<WorkflowRun> runs, RunFilter filter)
    {
        runs = filter.Trigger is { } trigger
            ? runs.Where(run => run.Trigger == trigger)
            : runs.Where(run => run.Trigger == RunTrigger.App || run.Trigger == RunTrigger.Draft);
        if (filter.Status is { } status)
        {
            runs = runs.Where(run => run.Status == status);
        }

        if (filter.UserId is { } userId)
        {
            runs = runs.Where(run => run.UserId == userId);
        }

        if (filter.Before is { } before)
        {
            runs = runs.Where(run => run.CreatedAt <= before);
        }

        if (filter.After is { } after)
        {
            runs = runs.Where(run => run.CreatedAt >= after);
        }

        if (filter.Keyword?.Trim() is { Length: > 0 } keyword)
        {
            // Values are stored as JSON, so that is how the word is spelled there.
            var word = JsonEncodedText.Encode(keyword, JsonDefaults.Wire.Encoder).ToString();
            var id = Guid.TryParse(keyword, out var parsed) ? parsed : Guid.Empty;
            runs = runs.Where(run => run.Inputs.Contains(word) || run.Outputs.Contains(word) || run.UserId == keyword || run.Id == id);
        }

        return runs;
    }

    private static IQueryable<WorkflowRun> WithoutValues(IQueryable<WorkflowRun> runs) => runs.Select(run => new WorkflowRun
    {
        Id = run.Id,
        WorkspaceId = run.WorkspaceId,
        AppId = run.AppId,
        InvokeFrom = run.InvokeFrom,
        UserId = run.UserId,
        VersionId = run.VersionId,
        Trigger = run.Trigger,
        Status = run.Status,
        Error = run.Error,
        ErrorCode = run.ErrorCode,
        ElapsedSeconds = run.ElapsedSeconds,
        TotalTokens = run.TotalTokens,
        TotalSteps = run.TotalSteps,
        ExceptionsCount = run.ExceptionsCount,
        AliveAt = run.AliveAt,
        Life = run.Life,
        CreatedAt = run.CreatedAt,
        FinishedAt = run.FinishedAt,
    });

    private static DifyException RunNotFound() => DifyException.NotFound("Workflow run not found.");
}
