using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Drafts;

namespace Dify.Web.Endpoints;

/// <summary><c>/console/api/apps/{id}/advanced-chat/workflows/draft/run</c>: trying the draft of a chatflow.</summary>
internal static class ChatflowRunEndpoints
{
    public static void MapChatflowRuns(this RouteGroupBuilder console) =>
        console.MapPost("/apps/{appId}/advanced-chat/workflows/draft/run", RunDraftAsync);

    private static async Task RunDraftAsync(
        ConsoleActor actor, string appId, HttpContext http, AppService apps, WorkflowDraftService drafts, ChatService chat, IRunEventLog events)
    {
        var body = await http.Request.ReadAsync<ChatflowRunBody>();
        var app = await apps.GetAsync(actor, AppEndpoints.ReadAppId(appId), http.RequestAborted);
        if (app.Mode != AppMode.AdvancedChat)
        {
            throw new DifyException(ErrorCodes.NotChatApp, "Please check if your app mode matches the right API route.");
        }

        var parentId = ChatCaller.ReadOptionalId(body.ParentMessageId, "parent_message_id");
        var run = await chat.StartAsync(
            new ChatRequest
            {
                Audience = new ChatAudience
                {
                    WorkspaceId = app.WorkspaceId, AppId = app.Id, AccountId = actor.Actor.AccountId, InvokeFrom = "debugger",
                },
                Query = body.Query ?? throw DifyException.Invalid("query is required."),
                Inputs = body.Inputs ?? [],
                Files = body.Files,
                ConversationId = ChatCaller.ReadOptionalId(body.ConversationId, "conversation_id"),
                ParentMessageId = parentId,
                VersionId = await drafts.SnapshotAsync(actor, app.Id, http.RequestAborted),
            },
            http.RequestAborted);
        await WorkflowStream.WriteAsync(http, watching => events.WatchAsync(run.TaskId, 0, watching));
    }
}

internal sealed record ChatflowRunBody
{
    public string? Query { get; init; }

    public JsonObject? Inputs { get; init; }

    public JsonArray? Files { get; init; }

    public string? ConversationId { get; init; }

    public string? ParentMessageId { get; init; }
}
