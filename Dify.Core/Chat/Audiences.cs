using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Chat;

/// <summary>The one filter that every read of a conversation passes: what is another's does not exist.</summary>
internal static class Audiences
{
    public static IQueryable<Conversation> For(this IQueryable<Conversation> conversations, ChatAudience audience) =>
        audience.EndUserId is { } endUserId
            ? conversations.Where(c => c.AppId == audience.AppId && c.WorkspaceId == audience.WorkspaceId
                && c.EndUserId == endUserId)
            : audience.AccountId is { } accountId
                ? conversations.Where(c => c.AppId == audience.AppId && c.WorkspaceId == audience.WorkspaceId
                    && c.EndUserId == null && c.AccountId == accountId)
                : throw new ArgumentException("An audience is an end user or a member.", nameof(audience));

    public static async Task<Conversation> FindConversationAsync(
        this DifyDbContext db, ChatAudience audience, Guid conversationId, CancellationToken cancellationToken) =>
        await db.Conversations.For(audience).FirstOrDefaultAsync(c => c.Id == conversationId, cancellationToken)
        ?? throw DifyException.NotFound("Conversation Not Exists.");

    public static async Task<Message> FindMessageAsync(
        this DifyDbContext db, ChatAudience audience, Guid messageId, CancellationToken cancellationToken)
    {
        var conversations = db.Conversations.For(audience);
        return await db.Messages.FirstOrDefaultAsync(
            m => m.Id == messageId && conversations.Any(c => c.Id == m.ConversationId), cancellationToken)
            ?? throw DifyException.NotFound("Message Not Exists.");
    }
}
