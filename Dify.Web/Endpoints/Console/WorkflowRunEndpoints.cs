using System.Globalization;
using System.Text.Json.Nodes;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;

namespace Dify.Web.Endpoints;

/// <summary><c>/console/api/apps/{id}/workflows/draft/run</c> and <c>…/workflow-runs</c>: trying a draft, and what has run.</summary>
internal static class WorkflowRunEndpoints
{
    public static void MapWorkflowRuns(this RouteGroupBuilder console)
    {
        foreach (var prefix in (string[])["/apps/{appId}", "/apps/{appId}/advanced-chat"])
        {
            console.MapGet($"{prefix}/workflow-runs", ListAsync);
        }

        console.MapPost("/apps/{appId}/workflows/draft/run", RunDraftAsync);
        console.MapPost("/apps/{appId}/workflows/draft/nodes/{nodeId}/run", RunNodeAsync);
        console.MapGet("/apps/{appId}/workflows/draft/nodes/{nodeId}/last-run", LastOfNodeAsync);
        console.MapGet("/apps/{appId}/workflows/draft/variables", VariablesAsync);
        console.MapGet("/apps/{appId}/workflow-runs/{runId}", GetAsync);
        console.MapGet("/apps/{appId}/workflow-runs/{runId}/node-executions", NodesAsync);
        console.MapPost("/apps/{appId}/workflow-runs/tasks/{taskId}/stop", StopAsync);
    }

    private static async Task RunDraftAsync(
        ConsoleActor actor, string appId, HttpContext http, WorkflowRunService runs, IRunEventLog events)
    {
        var body = await http.Request.ReadAsync<WorkflowRunBody>();
        var run = await runs.StartDraftAsync(
            actor, AppEndpoints.ReadAppId(appId), body.Inputs ?? [], body.Files, http.RequestAborted);
        await WorkflowStream.WriteAsync(http, watching => events.WatchAsync(run.Id, 0, watching));
    }

    private static async Task<IResult> RunNodeAsync(
        ConsoleActor actor, string appId, string nodeId, HttpContext http, WorkflowRunService runs, RunCreators creators)
    {
        var body = await http.Request.ReadOrDefaultAsync<WorkflowRunBody>();
        var id = AppEndpoints.ReadAppId(appId);
        var node = await runs.RunNodeAsync(actor, id, nodeId, body.Inputs ?? [], http.RequestAborted);
        return Results.Json(await NodeAsync(actor, node, creators, http), JsonDefaults.Wire);
    }

    private static async Task<IResult> LastOfNodeAsync(
        ConsoleActor actor, string appId, string nodeId, HttpContext http, RunHistory history, RunCreators creators)
    {
        var node = await history.FindLastOfNodeAsync(actor, AppEndpoints.ReadAppId(appId), nodeId, http.RequestAborted)
            ?? throw DifyException.NotFound("last run not found");
        return Results.Json(await NodeAsync(actor, node, creators, http), JsonDefaults.Wire);
    }

    private static async Task<IResult> VariablesAsync(
        ConsoleActor actor, string appId, HttpRequest request, RunHistory history)
    {
        var variables = await history.ReadLastVariablesAsync(actor, AppEndpoints.ReadAppId(appId), request.HttpContext.RequestAborted);
        var items = new JsonArray();
        foreach (var (owner, values) in variables)
        {
            foreach (var (name, value) in values!.AsObject())
            {
                items.Add(new JsonObject
                {
                    ["id"] = $"{owner}.{name}",
                    ["type"] = owner is "sys" or "conversation" ? owner : "node",
                    ["name"] = name,
                    ["selector"] = new JsonArray(owner, name),
                    ["value_type"] = RunWire.TypeOf(value),
                    ["value"] = value?.DeepClone(),
                    ["visible"] = true,
                    ["edited"] = false,
                });
            }
        }

        var (page, limit) = (ReadNumber(request.Query["page"], "page", 1, 100_000), ReadNumber(request.Query["limit"], "limit", 20, 100));
        var shown = items.Skip((page - 1) * limit).Take(limit).Select(item => item!.DeepClone()).ToArray();
        return Results.Json(new JsonObject { ["total"] = items.Count, ["items"] = new JsonArray(shown) }, JsonDefaults.Wire);
    }

    private static async Task<IResult> ListAsync(
        ConsoleActor actor, string appId, HttpRequest request, RunHistory history, RunCreators creators)
    {
        var query = request.Query;
        var filter = new RunFilter(
            ReadTrigger(query["triggered_from"]), ReadStatus(query["status"]), query["keyword"],
            Limit: ReadNumber(query["limit"], "limit", 20, 100));
        var lastId = ChatCaller.ReadOptionalId(query["last_id"], "last_id");
        var found = await history.ListAfterAsync(
            actor, AppEndpoints.ReadAppId(appId), filter, lastId, request.HttpContext.RequestAborted);
        var (endUsers, members) = await creators.FindAsync(actor.Actor.WorkspaceId, found.Items, request.HttpContext.RequestAborted);
        return Results.Json(
            new
            {
                filter.Limit,
                found.HasMore,
                Data = found.Items.Select(run => WorkflowRunResponse.Item(
                    run, members.GetValueOrDefault(run.UserId), endUsers.GetValueOrDefault(run.UserId))),
            },
            JsonDefaults.Wire);
    }

    private static async Task<IResult> GetAsync(
        ConsoleActor actor, string appId, string runId, HttpContext http, RunHistory history, RunCreators creators)
    {
        var run = await history.GetAsync(actor, AppEndpoints.ReadAppId(appId), ReadRunId(runId), http.RequestAborted);
        var (endUsers, members) = await creators.FindAsync(actor.Actor.WorkspaceId, [run], http.RequestAborted);
        return Results.Json(
            WorkflowRunResponse.Detail(run, members.GetValueOrDefault(run.UserId), endUsers.GetValueOrDefault(run.UserId)), JsonDefaults.Wire);
    }

    private static async Task<IResult> NodesAsync(
        ConsoleActor actor, string appId, string runId, HttpContext http, RunHistory history, RunCreators creators)
    {
        var app = AppEndpoints.ReadAppId(appId);
        var run = await history.GetAsync(actor, app, ReadRunId(runId), http.RequestAborted);
        var nodes = await history.ListNodesAsync(actor, app, run.Id, http.RequestAborted);
        var (endUsers, members) = await creators.FindAsync(actor.Actor.WorkspaceId, [run], http.RequestAborted);
        return Results.Json(
            new
            {
                Data = nodes.Select(node => WorkflowRunResponse.Node(
                    node, members.GetValueOrDefault(run.UserId), endUsers.GetValueOrDefault(run.UserId))),
            },
            JsonDefaults.Wire);
    }

    private static async Task<IResult> StopAsync(
        ConsoleActor actor, string appId, string taskId, WorkflowRunService runs, CancellationToken cancellationToken)
    {
        actor.Actor.Require(Permission.EditApps);
        await runs.StopAsync(actor.Actor.WorkspaceId, AppEndpoints.ReadAppId(appId), ReadRunId(taskId), cancellationToken);
        return Results.Json(ResultResponse.Success, JsonDefaults.Wire);
    }

    private static async Task<JsonObject> NodeAsync(ConsoleActor actor, NodeExecution node, RunCreators creators, HttpContext http)
    {
        var by = new WorkflowRun { InvokeFrom = "debugger", UserId = actor.Actor.AccountId.ToString() };
        var (_, members) = await creators.FindAsync(actor.Actor.WorkspaceId, [by], http.RequestAborted);
        return WorkflowRunResponse.Node(node, members.GetValueOrDefault(by.UserId), null);
    }

    private static Guid ReadRunId(string text) =>
        Guid.TryParse(text, out var id) ? id : throw DifyException.NotFound("Workflow run not found.");

    private static RunTrigger? ReadTrigger(string? text) => text switch
    {
        null or "" => RunTrigger.Draft,
        "debugging" => RunTrigger.Draft,
        "app-run" => RunTrigger.App,
        _ => throw DifyException.Invalid("triggered_from: debugging or app-run."),
    };

    private static RunStatus? ReadStatus(string? text) => text switch
    {
        null or "" => null,
        "running" => RunStatus.Running,
        "succeeded" => RunStatus.Succeeded,
        "failed" => RunStatus.Failed,
        "stopped" => RunStatus.Stopped,
        "partial-succeeded" => RunStatus.PartialSucceeded,
        "paused" => RunStatus.Paused,
        _ => throw DifyException.Invalid("status: running, succeeded, failed, stopped, partial-succeeded or paused."),
    };

    private static int ReadNumber(string? text, string name, int fallback, int most) => string.IsNullOrEmpty(text)
        ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw DifyException.Invalid($"{name}: 1 to {most}.");
}
