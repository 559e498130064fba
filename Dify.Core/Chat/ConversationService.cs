using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Files;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Chat;

/// <summary>Reads and keeps conversations; every call sees only what belongs to the audience.</summary>
public sealed class ConversationService
{
    /// <summary>The name of a conversation that got none.</summary>
    public const string UnnamedTitle = "New conversation";

    private const int LongestName = 255;
    private const int LongestComment = 2_000;
    private const int LongestTitle = 60;
    private const int LargestTree = 2_000;

    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly EndUsers _endUsers;
    private readonly ChatDeletion _deletion;
    private readonly FileLinks _links;
    private readonly TimeProvider _time;

    internal ConversationService(
        IDbContextFactory<DifyDbContext> contexts, EndUsers endUsers, ChatDeletion deletion, FileLinks links, TimeProvider time) =>
        (_contexts, _endUsers, _deletion, _links, _time) = (contexts, endUsers, deletion, links, time);

    /// <summary>Finds or makes the end user behind a caller's <c>user</c> or a browser session.</summary>
    public Task<EndUser> GetEndUserAsync(
        Guid workspaceId, Guid appId, string type, string sessionId, CancellationToken cancellationToken = default) =>
        Task.FromResult(_endUsers.Get(workspaceId, appId, type, sessionId));

    /// <summary>Whether the end user is one of the app's.</summary>
    public async Task<bool> IsEndUserOfAsync(Guid appId, Guid endUserId, CancellationToken cancellationToken = default)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.EndUsers.AnyAsync(user => user.Id == endUserId && user.AppId == appId, cancellationToken);
    }

    /// <summary>Pinned first where <paramref name="pinnedFirst"/>, then by <paramref name="sortBy"/> (<c>-updated_at</c>, …).</summary>
    /// <param name="lastId">The last row of the page before; unknown: 404.</param>
    public async Task<Page<Conversation>> ListAsync(
        ChatAudience audience, Guid? lastId, int limit, string sortBy = "-updated_at", bool pinnedFirst = false,
        CancellationToken cancellationToken = default)
    {
        CheckLimit(limit);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var mine = db.Conversations.AsNoTracking().For(audience);
        var last = lastId is { } id
            ? await mine.FirstOrDefaultAsync(c => c.Id == id, cancellationToken)
                ?? throw DifyException.NotFound("Last Conversation Not Exists.")
            : null;
        var rows = await ConversationOrder.Apply(mine, sortBy, pinnedFirst, last)
            .Take(limit + 1).ToListAsync(cancellationToken);
        return ToPage(rows, limit);
    }

    public async Task<Conversation> GetAsync(
        ChatAudience audience, Guid conversationId, CancellationToken cancellationToken = default)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.FindConversationAsync(audience, conversationId, cancellationToken);
    }

    /// <summary>All messages of the tree, oldest first (web app), without paging up to 2,000.</summary>
    public async Task<IReadOnlyList<Message>> GetTreeAsync(
        ChatAudience audience, Guid conversationId, CancellationToken cancellationToken = default)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await db.FindConversationAsync(audience, conversationId, cancellationToken);
        var newest = await db.Messages.AsNoTracking().Where(m => m.ConversationId == conversationId)
            .OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id)
            .Take(LargestTree).ToListAsync(cancellationToken);
        newest.Reverse();
        return Renew(newest);
    }

    /// <summary>
    /// API paging: the first page holds the newest messages, each further one those before
    /// <paramref name="firstId"/>, the first row of the page before; within a page the oldest comes first.
    /// </summary>
    public async Task<Page<Message>> ListMessagesAsync(
        ChatAudience audience, Guid conversationId, Guid? firstId, int limit, CancellationToken cancellationToken = default)
    {
        CheckLimit(limit);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await db.FindConversationAsync(audience, conversationId, cancellationToken);
        var messages = db.Messages.AsNoTracking().Where(m => m.ConversationId == conversationId);
        if (firstId is { } id)
        {
            var first = await messages.FirstOrDefaultAsync(m => m.Id == id, cancellationToken)
                ?? throw DifyException.NotFound("First Message Not Exists.");
            var (at, cursor) = (first.CreatedAt, first.Id);
            messages = messages.Where(m => m.CreatedAt < at || (m.CreatedAt == at && m.Id.CompareTo(cursor) < 0));
        }

        var rows = await messages.OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id)
            .Take(limit + 1).ToListAsync(cancellationToken);
        var page = ToPage(rows, limit);
        return page with { Items = Renew([.. page.Items.Reverse()]) };
    }

    /// <summary>Links to files in old answers have expired.</summary>
    private List<Message> Renew(List<Message> messages)
    {
        foreach (var message in messages)
        {
            message.Answer = _links.Renew(message.Answer);
        }

        return messages;
    }

    /// <param name="name">The new name; not needed when <paramref name="autoGenerate"/> takes it from the first question.</param>
    public async Task<Conversation> RenameAsync(
        ChatAudience audience, Guid conversationId, string? name, bool autoGenerate, CancellationToken cancellationToken = default)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var conversation = await db.FindConversationAsync(audience, conversationId, cancellationToken);
        if (autoGenerate)
        {
            var query = await db.Messages.Where(m => m.ConversationId == conversationId)
                .OrderBy(m => m.CreatedAt).Select(m => m.Query).FirstOrDefaultAsync(cancellationToken)
                ?? throw DifyException.Invalid("The conversation has no messages yet.");
            conversation.Name = PlainText.Title(query, LongestTitle);
        }
        else
        {
            var given = PlainText.Clean(name ?? "").Trim();
            conversation.Name = given.Length is > 0 and <= LongestName
                ? given
                : throw DifyException.Invalid($"name: 1 to {LongestName} characters, or set auto_generate.");
        }

        conversation.UpdatedAt = _time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return conversation;
    }

    public async Task PinAsync(
        ChatAudience audience, Guid conversationId, bool pinned, CancellationToken cancellationToken = default)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var conversation = await db.FindConversationAsync(audience, conversationId, cancellationToken);
        conversation.Pinned = pinned;
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Deletes a conversation with its messages; an answer that is being written is stopped.</summary>
    public async Task DeleteAsync(
        ChatAudience audience, Guid conversationId, CancellationToken cancellationToken = default)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var conversation = await db.FindConversationAsync(audience, conversationId, cancellationToken);
        await _deletion.StopConversationAsync(conversationId, cancellationToken);
        db.Remove(conversation);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <param name="rating"><c>like</c>, <c>dislike</c>, or null to take it back.</param>
    public async Task RateAsync(
        ChatAudience audience, Guid messageId, string? rating, string? comment, CancellationToken cancellationToken = default)
    {
        if (rating is not (null or "like" or "dislike"))
        {
            throw DifyException.Invalid("rating: like, dislike or null.");
        }

        var text = comment is null ? null : PlainText.Clean(comment).Trim();
        if (text is { Length: > LongestComment })
        {
            throw DifyException.Invalid($"content: at most {LongestComment} characters.");
        }

        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var message = await db.FindMessageAsync(audience, messageId, cancellationToken);
        if (rating is null && message.Rating is null)
        {
            throw DifyException.Invalid("rating: there is no feedback to take back.");
        }

        message.Rating = rating;
        message.RatingComment = rating is null ? null : text;
        await db.SaveChangesAsync(cancellationToken);
    }

    private static void CheckLimit(int limit)
    {
        if (limit is < 1 or > 100)
        {
            throw DifyException.Invalid("limit: 1 to 100.");
        }
    }

    private static Page<T> ToPage<T>(List<T> rows, int limit) =>
        new([.. rows.Take(limit)], null, rows.Count > limit);
}
