using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Workflows.Files;

namespace Dify.Web.Endpoints;

/// <summary><c>/v1/conversations</c> and <c>/v1/messages</c>: what one end user has said to the app.</summary>
internal static class ConversationEndpoints
{
    public static void MapConversations(this RouteGroupBuilder service)
    {
        service.MapGet("/conversations", ListAsync).RequireAppKey();
        service.MapGet("/messages", ListMessagesAsync).RequireAppKey();
        service.MapPost("/conversations/{conversationId}/name", RenameAsync).RequireAppKey();
        service.MapDelete("/conversations/{conversationId}", DeleteAsync).RequireAppKey();
        service.MapGet("/conversations/{conversationId}/variables", ListVariablesAsync).RequireAppKey();
        service.MapPut("/conversations/{conversationId}/variables/{variableId}", SetVariableAsync).RequireAppKey();
    }

    private static async Task<IResult> ListAsync(HttpContext http, ConversationService conversations)
    {
        var query = http.Request.Query;
        var limit = ChatCaller.ReadLimit(query["limit"]);
        var lastId = ChatCaller.ReadOptionalId(query["last_id"], "last_id");
        var audience = await http.ChatAudienceAsync(query["user"]);
        var sortBy = (string?)query["sort_by"] is { Length: > 0 } wanted ? wanted : "-updated_at";
        var page = await conversations.ListAsync(
            audience, lastId, limit, sortBy, cancellationToken: http.RequestAborted);
        return Results.Json(
            new { limit, page.HasMore, Data = page.Items.Select(ConversationResponse.From) }, JsonDefaults.Wire);
    }

    private static async Task<IResult> ListMessagesAsync(HttpContext http, ConversationService conversations)
    {
        var query = http.Request.Query;
        var limit = ChatCaller.ReadLimit(query["limit"]);
        var conversationId = ChatCaller.ReadId(query["conversation_id"], "conversation_id");
        var firstId = ChatCaller.ReadOptionalId(query["first_id"], "first_id");
        var audience = await http.ChatAudienceAsync(query["user"]);
        var page = await conversations.ListMessagesAsync(audience, conversationId, firstId, limit, http.RequestAborted);
        var links = http.RequestServices.GetRequiredService<FileLinks>();
        return Results.Json(
            new { limit, page.HasMore, Data = page.Items.Select(message => MessageResponse.From(message, links)) }, JsonDefaults.Wire);
    }

    private static async Task<IResult> ListVariablesAsync(HttpContext http, string conversationId, ConversationVariables variables)
    {
        var query = http.Request.Query;
        var limit = ChatCaller.ReadLimit(query["limit"]);
        var lastId = ChatCaller.ReadOptionalId(query["last_id"], "last_id");
        var name = (string?)query["variable_name"];
        if (name is { Length: > 255 })
        {
            throw DifyException.Invalid("variable_name: at most 255 characters.");
        }

        var audience = await http.ChatAudienceAsync(query["user"]);
        var page = await variables.ListAsync(
            audience, ChatCaller.ReadId(conversationId, "conversation_id"), lastId, limit, name, http.RequestAborted);
        return Results.Json(
            new { limit, page.HasMore, Data = page.Items.Select(ConversationVariableResponse.From) }, JsonDefaults.Wire);
    }

    private static async Task<IResult> SetVariableAsync(
        HttpContext http, string conversationId, string variableId, ConversationVariables variables)
    {
        var body = await http.Request.ReadAsync<JsonObject>();
        if (!body.TryGetPropertyValue("value", out var value))
        {
            throw DifyException.Invalid("value is required.");
        }

        var audience = await http.ChatAudienceAsync(body["user"] is JsonValue user && user.TryGetValue<string>(out var name) ? name : null);
        var variable = await variables.SetAsync(
            audience, ChatCaller.ReadId(conversationId, "conversation_id"), ChatCaller.ReadId(variableId, "variable_id"),
            value?.DeepClone(), http.RequestAborted);
        return Results.Json(ConversationVariableResponse.From(variable), JsonDefaults.Wire);
    }

    private static async Task<IResult> RenameAsync(
        HttpContext http, string conversationId, ConversationService conversations)
    {
        var body = await http.Request.ReadAsync<RenameRequest>();
        var audience = await http.ChatAudienceAsync(body.User);
        var conversation = await conversations.RenameAsync(
            audience, ChatCaller.ReadId(conversationId, "conversation_id"), body.Name, body.AutoGenerate, http.RequestAborted);
        return Results.Json(ConversationResponse.From(conversation), JsonDefaults.Wire);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string conversationId, ConversationService conversations)
    {
        var body = await http.Request.ReadOrDefaultAsync<UserRequest>();
        var audience = await http.ChatAudienceAsync(body.User ?? http.Request.Query["user"]);
        await conversations.DeleteAsync(
            audience, ChatCaller.ReadId(conversationId, "conversation_id"), http.RequestAborted);
        return Results.NoContent();
    }
}

internal sealed record ConversationResponse(
    Guid Id, string Name, JsonObject Inputs, string Status, string Introduction, long CreatedAt, long UpdatedAt)
{
    public static ConversationResponse From(Conversation conversation) => new(
        conversation.Id, conversation.Name, conversation.Inputs, "normal", conversation.Introduction,
        conversation.CreatedAt.ToUnixTimeSeconds(), conversation.UpdatedAt.ToUnixTimeSeconds());
}

internal sealed record MessageResponse
{
    public required Guid Id { get; init; }

    public required Guid ConversationId { get; init; }

    public required Guid? ParentMessageId { get; init; }

    public required JsonObject Inputs { get; init; }

    public required string Query { get; init; }

    public required string Answer { get; init; }

    public required string Status { get; init; }

    public required string? Error { get; init; }

    public required IReadOnlyList<MessageFileResponse> MessageFiles { get; init; }

    public required object? Feedback { get; init; }

    public required JsonElement RetrieverResources { get; init; }

    public IReadOnlyList<object> AgentThoughts { get; init; } = [];

    public required long CreatedAt { get; init; }

    public IReadOnlyList<object> ExtraContents { get; init; } = [];

    public required int MessageTokens { get; init; }

    public required int AnswerTokens { get; init; }

    public required int TotalTokens { get; init; }

    public required double ProviderResponseLatency { get; init; }

    public required string TotalPrice { get; init; }

    public required string Currency { get; init; }

    public static MessageResponse From(Message message, FileLinks links) => new()
    {
        Id = message.Id,
        ConversationId = message.ConversationId,
        ParentMessageId = message.ParentMessageId,
        Inputs = message.Inputs,
        Query = message.Query,
        Answer = message.Answer,
        MessageFiles = [.. message.Files.OfType<JsonObject>().Select(file => MessageFileResponse.From(file, links))],
        Status = message.Status == MessageStatus.Error ? "error" : "normal",
        Error = message.Error,
        Feedback = message.Rating is { } rating ? new { rating } : null,
        RetrieverResources = Citations(message),
        CreatedAt = message.CreatedAt.ToUnixTimeSeconds(),
        MessageTokens = message.Usage.PromptTokens,
        AnswerTokens = message.Usage.CompletionTokens,
        TotalTokens = message.Usage.TotalTokens,
        ProviderResponseLatency = message.Usage.Latency,
        TotalPrice = MessageMetadata.Price(message.Usage.TotalPrice),
        Currency = message.Usage.Currency,
    };

    private static JsonElement Citations(Message message)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            MessageMetadata.WriteCitations(writer, message);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}

/// <summary>Values are texts on this wire, as JSON unless they are texts already.</summary>
internal sealed record ConversationVariableResponse(
    Guid Id, string Name, string ValueType, string Value, string Description, long CreatedAt, long UpdatedAt)
{
    public static ConversationVariableResponse From(ConversationVariable variable)
    {
        var value = JsonNode.Parse(variable.Value);
        return new ConversationVariableResponse(
            variable.Id, variable.Name, variable.ValueType,
            value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : variable.Value, variable.Description,
            variable.CreatedAt.ToUnixTimeSeconds(), variable.UpdatedAt.ToUnixTimeSeconds());
    }
}
