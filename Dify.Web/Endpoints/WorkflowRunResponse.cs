using System.Text.Json.Nodes;
using Dify.Core.Chat;
using Dify.Core.Workflows.Runs;

namespace Dify.Web.Endpoints;

/// <summary>Runs and their nodes as Dify's lists and details show them.</summary>
internal static class WorkflowRunResponse
{
    /// <summary>A run in the logs of the service API.</summary>
    public static object Summary(WorkflowRun run) => new
    {
        run.Id,
        Version = VersionOf(run),
        Status = run.Status.ToWire(),
        run.Error,
        ElapsedTime = run.ElapsedSeconds,
        run.TotalTokens,
        run.TotalSteps,
        CreatedAt = run.CreatedAt.ToUnixTimeSeconds(),
        FinishedAt = run.FinishedAt?.ToUnixTimeSeconds(),
        run.ExceptionsCount,
        TriggeredFrom = TriggerOf(run),
    };

    /// <summary>A run in the console's list.</summary>
    public static object Item(WorkflowRun run, RunMember? member, EndUser? endUser) => new
    {
        run.Id,
        Version = VersionOf(run),
        Status = run.Status.ToWire(),
        run.Error,
        ElapsedTime = run.ElapsedSeconds,
        run.TotalTokens,
        run.TotalSteps,
        CreatedByAccount = member,
        CreatedByEndUser = EndUserOf(endUser),
        CreatedAt = run.CreatedAt.ToUnixTimeSeconds(),
        FinishedAt = run.FinishedAt?.ToUnixTimeSeconds(),
        run.ExceptionsCount,
        TriggeredFrom = TriggerOf(run),
        RetryIndex = 0,
    };

    /// <summary>One run in the console.</summary>
    public static object Detail(WorkflowRun run, RunMember? member, EndUser? endUser) => new
    {
        run.Id,
        Version = VersionOf(run),
        WorkflowId = run.VersionId,
        Inputs = JsonNode.Parse(run.Inputs),
        Status = run.Status.ToWire(),
        Outputs = JsonNode.Parse(run.Outputs),
        run.Error,
        ElapsedTime = run.ElapsedSeconds,
        run.TotalTokens,
        run.TotalSteps,
        CreatedByRole = member is null ? "end_user" : "account",
        CreatedByAccount = member,
        CreatedByEndUser = EndUserOf(endUser),
        CreatedAt = run.CreatedAt.ToUnixTimeSeconds(),
        FinishedAt = run.FinishedAt?.ToUnixTimeSeconds(),
        run.ExceptionsCount,
        TriggeredFrom = TriggerOf(run),
    };

    /// <summary>One node of a run in the console.</summary>
    public static JsonObject Node(NodeExecution node, RunMember? member, EndUser? endUser)
    {
        var shown = RunWire.Finished(node);
        shown["retries"] = node.Retries;
        shown["created_by_role"] = member is null ? "end_user" : "account";
        shown["created_by_account"] = member is null
            ? null
            : new JsonObject { ["id"] = member.Id, ["name"] = member.Name, ["email"] = member.Email };
        shown["created_by_end_user"] = endUser is null
            ? null
            : new JsonObject { ["id"] = endUser.Id, ["type"] = endUser.Type, ["is_anonymous"] = false, ["session_id"] = endUser.SessionId };
        return shown;
    }

    public static object? EndUserOf(EndUser? endUser) => endUser is null
        ? null
        : new { endUser.Id, endUser.Type, IsAnonymous = false, endUser.SessionId };

    private static string VersionOf(WorkflowRun run) => run.Trigger == RunTrigger.App ? run.VersionId?.ToString() ?? "" : "draft";

    private static string TriggerOf(WorkflowRun run) => run.Trigger switch
    {
        RunTrigger.App => "app-run",
        RunTrigger.Draft => "debugging",
        _ => "single-step",
    };
}
