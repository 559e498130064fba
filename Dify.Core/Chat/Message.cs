using System.Text.Json.Nodes;
using Dify.Core.Models;

namespace Dify.Core.Chat;

/// <summary>
/// A question and its answer. Messages are a tree: regenerating or editing makes a sibling with the same
/// <see cref="ParentMessageId"/>, and a branch is a path from a root.
/// </summary>
public sealed class Message
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid WorkspaceId { get; init; }

    public Guid AppId { get; init; }

    public Guid ConversationId { get; init; }

    public Guid? ParentMessageId { get; init; }

    /// <summary>The run that answers; also the <c>task_id</c>.</summary>
    public Guid RunId { get; init; }

    public required string Query { get; init; }

    public JsonObject Inputs { get; init; } = [];

    /// <summary>File values that came with the question. Their links are old; take new ones from their ids.</summary>
    public JsonArray Files { get; init; } = [];

    public string Answer { get; set; } = "";

    public MessageStatus Status { get; set; } = MessageStatus.Running;

    /// <summary>For a person; set with <see cref="MessageStatus.Error"/>.</summary>
    public string? Error { get; set; }

    public string? ErrorCode { get; set; }

    public ModelUsage Usage { get; set; } = ModelUsage.None;

    public IReadOnlyList<Citation> Citations { get; set; } = [];

    /// <summary><c>like</c>, <c>dislike</c> or null: the end user's judgement.</summary>
    public string? Rating { get; set; }

    public string? RatingComment { get; set; }

    /// <summary><c>service-api</c>, <c>web-app</c> or <c>debugger</c>.</summary>
    public required string InvokeFrom { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The last sign of life of a running answer; one that is silent for long was cut off by a crash.</summary>
    public DateTimeOffset AliveAt { get; set; }
}
