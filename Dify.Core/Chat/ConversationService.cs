using Dify.Core.Common;

namespace Dify.Core.Chat;

/// <summary>Reads and keeps conversations; every call sees only what belongs to the audience.</summary>
public sealed class ConversationService
{
    /// <summary>Finds or makes the end user behind a caller's <c>user</c> or a browser session.</summary>
    public Task<EndUser> GetEndUserAsync(
        Guid workspaceId, Guid appId, string type, string sessionId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Pinned first where <paramref name="pinnedFirst"/>, then by <paramref name="sortBy"/> (<c>-updated_at</c>, …).</summary>
    /// <param name="lastId">The last row of the page before; unknown: 404.</param>
    public Task<Page<Conversation>> ListAsync(
        ChatAudience audience, Guid? lastId, int limit, string sortBy = "-updated_at", bool pinnedFirst = false,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<Conversation> GetAsync(
        ChatAudience audience, Guid conversationId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>All messages of the tree, oldest first (web app), without paging up to 2,000.</summary>
    public Task<IReadOnlyList<Message>> GetTreeAsync(
        ChatAudience audience, Guid conversationId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>API paging: newest first by cursor, see <c>GET /messages</c>.</summary>
    public Task<Page<Message>> ListMessagesAsync(
        ChatAudience audience, Guid conversationId, Guid? firstId, int limit, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<Conversation> RenameAsync(
        ChatAudience audience, Guid conversationId, string? name, bool autoGenerate, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task PinAsync(
        ChatAudience audience, Guid conversationId, bool pinned, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task DeleteAsync(ChatAudience audience, Guid conversationId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <param name="rating"><c>like</c>, <c>dislike</c>, or null to take it back.</param>
    public Task RateAsync(
        ChatAudience audience, Guid messageId, string? rating, string? comment, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
