using System.Text.Json;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Realtime;

namespace Dify.Web.Endpoints;

/// <summary><c>/v1/chat-messages</c> and what belongs to one message.</summary>
internal static class ChatMessageEndpoints
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JsonDefaults.Wire.Encoder };

    public static void MapChatMessages(this RouteGroupBuilder service)
    {
        service.MapPost("/chat-messages", SendAsync).RequireAppKey();
        service.MapPost("/chat-messages/{taskId}/stop", StopAsync).RequireAppKey();
        service.MapGet("/messages/{messageId}/suggested", SuggestAsync).RequireAppKey();
        service.MapPost("/messages/{messageId}/feedbacks", RateAsync).RequireAppKey();
    }

    private static async Task SendAsync(HttpContext http)
    {
        var body = await http.Request.ReadAsync<ChatMessagesRequest>();
        var streaming = body.ResponseMode switch
        {
            null or "" or "blocking" => false,
            "streaming" => true,
            _ => throw DifyException.Invalid("response_mode: blocking or streaming."),
        };
        if (body.Query is null)
        {
            throw DifyException.Invalid("query is required.");
        }

        var request = new ChatRequest
        {
            Query = body.Query,
            Files = body.Files,
            Inputs = body.Inputs ?? throw DifyException.Invalid("inputs is required; send {} when the app asks for none."),
            ConversationId = ChatCaller.ReadOptionalId(body.ConversationId, "conversation_id"),
            Audience = await http.ChatAudienceAsync(ChatCaller.RequireUser(body.User)),
            AutoGenerateName = body.AutoGenerateName ?? true,
            Watched = streaming,
        };
        var run = await http.RequestServices.GetRequiredService<ChatService>().StartAsync(request, http.RequestAborted);
        if (streaming)
        {
            var events = http.RequestServices.GetRequiredService<IRunEventLog>();
            await (http.CallerApp().Mode == AppMode.AdvancedChat
                ? WorkflowStream.WriteAsync(http, watching => events.WatchAsync(run.TaskId, 0, watching))
                : ServerSentEvents.WriteAsync(http, watching => events.WatchAsync(run.TaskId, 0, watching)));
        }
        else
        {
            var message = await run.Completion.WaitAsync(http.RequestAborted);
            await WriteAnswerAsync(http, message);
        }
    }

    private static async Task StopAsync(HttpContext http, string taskId, ChatService chat)
    {
        var body = await http.Request.ReadAsync<UserRequest>();
        var audience = await http.ChatAudienceAsync(ChatCaller.RequireUser(body.User));
        if (Guid.TryParse(taskId, out var id))
        {
            await chat.StopAsync(audience, id, http.RequestAborted);
        }

        await http.Response.WriteAsJsonAsync(ResultResponse.Success, JsonDefaults.Wire, http.RequestAborted);
    }

    private static async Task<IResult> SuggestAsync(HttpContext http, string messageId, string? user, ChatService chat)
    {
        var audience = await http.ChatAudienceAsync(ChatCaller.RequireUser(user));
        var id = ChatCaller.ReadId(messageId, "message_id");
        if (http.CallerApp().Published?.SuggestedQuestionsAfterAnswer.Enabled is not true)
        {
            throw new DifyException(ErrorCodes.BadRequest, "Suggested Questions Is Disabled.");
        }

        var questions = await chat.SuggestAsync(audience, id, http.RequestAborted);
        return Results.Json(new { Result = "success", Data = questions }, JsonDefaults.Wire);
    }

    private static async Task<IResult> RateAsync(HttpContext http, string messageId, ConversationService conversations)
    {
        var body = await http.Request.ReadAsync<FeedbackRequest>();
        var audience = await http.ChatAudienceAsync(ChatCaller.RequireUser(body.User));
        await conversations.RateAsync(
            audience, ChatCaller.ReadId(messageId, "message_id"), body.Rating, body.Content, http.RequestAborted);
        return Results.Json(ResultResponse.Success, JsonDefaults.Wire);
    }

    private static async Task WriteAnswerAsync(HttpContext http, Message message)
    {
        if (message.Status == MessageStatus.Error)
        {
            throw ChatErrors.ToException(message);
        }

        http.Response.ContentType = "application/json; charset=utf-8";
        await using (var writer = new Utf8JsonWriter(http.Response.BodyWriter, Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("event", "message");
            writer.WriteString("task_id", message.RunId);
            writer.WriteString("id", message.Id);
            writer.WriteString("message_id", message.Id);
            writer.WriteString("conversation_id", message.ConversationId);
            writer.WriteString("mode", http.CallerApp().Mode.ToWire());
            writer.WriteString("answer", message.Answer);
            writer.WritePropertyName("metadata");
            MessageMetadata.Write(writer, message);
            writer.WriteNumber("created_at", message.CreatedAt.ToUnixTimeSeconds());
            writer.WriteEndObject();
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
