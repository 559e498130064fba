using System.Globalization;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Workflows.Runs;

namespace Dify.Web.Endpoints;

/// <summary><c>GET /v1/workflows/logs</c>: what has run, with its outcome.</summary>
internal static class WorkflowLogEndpoints
{
    public static void MapWorkflowLogs(this RouteGroupBuilder service) => service.MapGet("/workflows/logs", ListAsync).RequireAppKey();

    private static async Task<IResult> ListAsync(HttpContext http, RunHistory history, RunCreators creators)
    {
        var app = http.RequireWorkflowApp(orChatflow: true);
        var query = http.Request.Query;
        var filter = new RunFilter(
            RunTrigger.App, ReadStatus(query["status"]), query["keyword"], await ReadUserAsync(http, creators),
            ReadTime(query["created_at__before"], "created_at__before"), ReadTime(query["created_at__after"], "created_at__after"),
            ReadNumber(query["page"], "page", 1, 99_999), ReadNumber(query["limit"], "limit", 20, 100));
        var found = await history.ListAsync(app.WorkspaceId, app.Id, filter, http.RequestAborted);
        var (endUsers, members) = await creators.FindAsync(app.WorkspaceId, found.Items, http.RequestAborted);
        return Results.Json(
            new
            {
                filter.Page,
                filter.Limit,
                found.Total,
                found.HasMore,
                Data = found.Items.Select(run => new
                {
                    run.Id,
                    WorkflowRun = WorkflowRunResponse.Summary(run),
                    Details = (object?)null,
                    CreatedFrom = run.InvokeFrom,
                    CreatedByRole = members.ContainsKey(run.UserId) ? "account" : "end_user",
                    CreatedByAccount = members.GetValueOrDefault(run.UserId),
                    CreatedByEndUser = WorkflowRunResponse.EndUserOf(endUsers.GetValueOrDefault(run.UserId)),
                    CreatedAt = run.CreatedAt.ToUnixTimeSeconds(),
                }),
            },
            JsonDefaults.Wire);
    }

    private static RunStatus? ReadStatus(string? text) => text switch
    {
        null or "" => null,
        "succeeded" => RunStatus.Succeeded,
        "failed" => RunStatus.Failed,
        "stopped" => RunStatus.Stopped,
        _ => throw DifyException.Invalid("status: succeeded, failed or stopped."),
    };

    private static async Task<string?> ReadUserAsync(HttpContext http, RunCreators creators)
    {
        var query = http.Request.Query;
        if ((string?)query["created_by_account"] is { Length: > 0 } email)
        {
            var member = await creators.FindMemberAsync(http.CallerApp().WorkspaceId, email, http.RequestAborted)
                ?? throw DifyException.Invalid($"Account not found: {(email.Length > 100 ? email[..100] : email)}");
            return member.Id.ToString();
        }

        return (string?)query["created_by_end_user_session_id"] is { Length: > 0 } session
            ? (await http.EndUserAsync(session)).Id.ToString()
            : null;
    }

    private static DateTimeOffset? ReadTime(string? text, string name) => string.IsNullOrEmpty(text)
        ? null
        : DateTimeOffset.TryParse(
            text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw DifyException.Invalid($"{name}: a time in ISO 8601, such as 2026-01-31T12:00:00Z.");

    private static int ReadNumber(string? text, string name, int fallback, int most) => string.IsNullOrEmpty(text)
        ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw DifyException.Invalid($"{name}: 1 to {most}.");
}
