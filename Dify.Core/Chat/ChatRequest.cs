using System.Text.Json.Nodes;
using Dify.Core.Apps;

namespace Dify.Core.Chat;

/// <summary>A message to an app.</summary>
public sealed record ChatRequest
{
    public required ChatAudience Audience { get; init; }

    public required string Query { get; init; }

    public JsonObject Inputs { get; init; } = [];

    /// <summary><c>{type, transfer_method, upload_file_id | url}</c> each; null: none.</summary>
    public JsonArray? Files { get; init; }

    /// <summary>Null: a new conversation.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>
    /// The message that this one follows. <see cref="FollowsLatest"/> false and null: a new root, as when the first
    /// question is edited.
    /// </summary>
    public Guid? ParentMessageId { get; init; }

    /// <summary>True (API): hangs below the newest message of the conversation.</summary>
    public bool FollowsLatest { get; init; } = true;

    /// <summary>An unsaved draft to try (preview); null: what is published.</summary>
    public AppModelConfig? Config { get; init; }

    /// <summary>Chatflows: the version that a member tries out, a snapshot of the draft; null: what is published.</summary>
    public Guid? VersionId { get; init; }

    public bool AutoGenerateName { get; init; } = true;

    /// <summary>False: nobody follows the events, only <see cref="ChatRun.Completion"/> counts, so none are made.</summary>
    public bool Watched { get; init; } = true;
}
