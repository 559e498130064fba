using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Runs;

namespace Dify.Web.Endpoints;

/// <summary><c>/v1/workflows/…</c>: runs of workflow apps, and looking at runs of workflows and chatflows.</summary>
internal static class WorkflowEndpoints
{
    private static readonly string[] OnlyInEvents = ["created_by", "files", "exceptions_count"];

    public static void MapWorkflows(this RouteGroupBuilder service)
    {
        service.MapPost("/workflows/run", RunAsync).RequireAppKey();
        service.MapPost("/workflows/{workflowId}/run", RunVersionAsync).RequireAppKey();
        service.MapPost("/workflows/tasks/{taskId}/stop", StopAsync).RequireAppKey();
        service.MapGet("/workflows/run/{runId}", GetAsync).RequireAppKey();
        service.MapGet("/workflow/{runId}/events", WatchAsync).RequireAppKey();
    }

    /// <exception cref="DifyException"><c>not_workflow_app</c> where the app is of another family.</exception>
    public static App RequireWorkflowApp(this HttpContext http, bool orChatflow = false)
    {
        var app = http.CallerApp();
        return app.Mode == AppMode.Workflow || (orChatflow && app.Mode == AppMode.AdvancedChat)
            ? app
            : throw new DifyException(ErrorCodes.NotWorkflowApp, "Please check if your app mode matches the right API route.");
    }

    private static async Task RunAsync(HttpContext http, WorkflowVersions versions)
    {
        var app = http.RequireWorkflowApp();
        var body = await http.Request.ReadAsync<WorkflowRunBody>();
        var workflow = await versions.FindPublishedAsync(app.WorkspaceId, app.Id, http.RequestAborted)
            ?? throw DifyException.Invalid("Workflow not published. Publish it in the Studio.");
        await StartAsync(http, app, workflow, body);
    }

    private static async Task RunVersionAsync(HttpContext http, string workflowId, WorkflowVersions versions)
    {
        var app = http.RequireWorkflowApp();
        if (!Guid.TryParse(workflowId, out var id))
        {
            throw new DifyException(ErrorCodes.BadRequest, "Invalid workflow_id format: it is the UUID of a published version.");
        }

        var body = await http.Request.ReadAsync<WorkflowRunBody>();
        var workflow = await versions.FindAsync(app.WorkspaceId, id, http.RequestAborted);
        if (workflow is null || workflow.AppId != app.Id)
        {
            throw DifyException.NotFound("Workflow not found.");
        }

        if (workflow.Kind != WorkflowVersionKind.Published)
        {
            throw new DifyException(ErrorCodes.BadRequest, "Cannot use draft workflow version. Publish it, then use the id of that version.");
        }

        await StartAsync(http, app, workflow, body);
    }

    private static async Task StartAsync(HttpContext http, App app, RunnableWorkflow workflow, WorkflowRunBody body)
    {
        var streaming = body.ResponseMode switch
        {
            null or "" or "blocking" => false,
            "streaming" => true,
            _ => throw DifyException.Invalid("response_mode: blocking or streaming."),
        };
        var inputs = body.Inputs ?? throw DifyException.Invalid("inputs is required; send {} when the app asks for none.");
        var user = await http.EndUserAsync(ChatCaller.RequireUser(body.User));
        var run = await http.RequestServices.GetRequiredService<WorkflowRunService>().StartAsync(
            new WorkflowRunRequest
            {
                WorkspaceId = app.WorkspaceId,
                AppId = app.Id,
                VersionId = workflow.VersionId,
                UserId = user.Id.ToString(),
                InvokeFrom = ChatCaller.UserType,
                Inputs = inputs,
                Files = body.Files,
                CreatedBy = new JsonObject { ["id"] = user.Id, ["user"] = user.SessionId },
                Watched = streaming,
            },
            http.RequestAborted);
        if (streaming)
        {
            var events = http.RequestServices.GetRequiredService<IRunEventLog>();
            await WorkflowStream.WriteAsync(http, watching => events.WatchAsync(run.Id, 0, watching));
            return;
        }

        var ended = await run.Completion.WaitAsync(http.RequestAborted);
        await http.Response.WriteAsJsonAsync(Answer(ended), JsonDefaults.Wire, http.RequestAborted);
    }

    private static JsonObject Answer(WorkflowRun run)
    {
        var data = RunWire.Finished(run, null);
        if (run.Status == RunStatus.Paused)
        {
            foreach (var (name, value) in RunWire.Paused(run))
            {
                data[name] = value?.DeepClone();
            }
        }

        foreach (var name in OnlyInEvents)
        {
            data.Remove(name);
        }

        return new JsonObject { ["task_id"] = run.Id, ["workflow_run_id"] = run.Id, ["data"] = data };
    }

    private static async Task<IResult> StopAsync(HttpContext http, string taskId, WorkflowRunService runs)
    {
        var app = http.RequireWorkflowApp();
        var body = await http.Request.ReadAsync<UserRequest>();
        ChatCaller.RequireUser(body.User);
        if (Guid.TryParse(taskId, out var id))
        {
            await runs.StopAsync(app.WorkspaceId, app.Id, id, http.RequestAborted);
        }

        return Results.Json(ResultResponse.Success, JsonDefaults.Wire);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string runId, RunHistory history)
    {
        var run = await FindAsync(http, runId, history);
        return Results.Json(
            new
            {
                run.Id,
                WorkflowId = run.VersionId,
                Status = run.Status.ToWire(),
                run.Inputs,
                Outputs = JsonNode.Parse(run.Outputs),
                run.Error,
                run.TotalSteps,
                run.TotalTokens,
                CreatedAt = run.CreatedAt.ToUnixTimeSeconds(),
                FinishedAt = run.FinishedAt?.ToUnixTimeSeconds(),
                ElapsedTime = run.ElapsedSeconds,
            },
            JsonDefaults.Wire);
    }

    private static async Task WatchAsync(HttpContext http, string runId, RunHistory history, RunWatcher watcher)
    {
        var query = http.Request.Query;
        var user = ChatCaller.RequireUser(query["user"]);
        var run = await FindAsync(http, runId, history);
        if (run.UserId != (await http.EndUserAsync(user)).Id.ToString())
        {
            throw RunNotFound();
        }

        var (snapshot, acrossPauses) = (ReadFlag(query, "include_state_snapshot"), ReadFlag(query, "continue_on_pause"));
        await WorkflowStream.WriteAsync(http, watching => watcher.WatchAsync(run.Id, snapshot, acrossPauses, watching));
    }

    private static async Task<WorkflowRun> FindAsync(HttpContext http, string runId, RunHistory history)
    {
        var app = http.RequireWorkflowApp(orChatflow: true);
        return Guid.TryParse(runId, out var id)
            && await history.FindAsync(app.WorkspaceId, app.Id, id, http.RequestAborted) is { Trigger: RunTrigger.App } run
                ? run
                : throw RunNotFound();
    }

    private static bool ReadFlag(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => false,
        var text when bool.TryParse(text, out var flag) => flag,
        "1" => true,
        "0" => false,
        _ => throw DifyException.Invalid($"{name}: true or false."),
    };

    private static DifyException RunNotFound() => DifyException.NotFound("Workflow run not found.");
}
