using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Web.Endpoints;

/// <summary>Body of <c>POST /v1/chat-messages</c>.</summary>
internal sealed record ChatMessagesRequest
{
    public string? Query { get; init; }

    public JsonObject? Inputs { get; init; }

    public string? User { get; init; }

    public string? ResponseMode { get; init; }

    public string? ConversationId { get; init; }

    public JsonArray? Files { get; init; }

    public bool? AutoGenerateName { get; init; }
}

internal sealed record UserRequest
{
    public string? User { get; init; }
}

internal sealed record RenameRequest
{
    public string? Name { get; init; }

    public bool AutoGenerate { get; init; }

    public string? User { get; init; }
}

internal sealed record FeedbackRequest
{
    public string? Rating { get; init; }

    public string? User { get; init; }

    public string? Content { get; init; }
}

internal sealed record ResultResponse(string Result)
{
    public static ResultResponse Success { get; } = new("success");
}
