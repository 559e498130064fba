using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Chat;

/// <summary>Where a new message goes: its conversation, the message that it follows, and what was said before.</summary>
/// <param name="Existing">Null: a new conversation.</param>
internal sealed record ChatPlace(Conversation? Existing, Guid? ParentId, IReadOnlyList<ChatTurn> History)
{
    private const int LongestName = 60;

    /// <exception cref="DifyException">404: unknown conversation or parent.</exception>
    public static async Task<ChatPlace> FindAsync(
        IDbContextFactory<DifyDbContext> contexts, ChatRequest request, CancellationToken cancellationToken)
    {
        if (request.ConversationId is not { } conversationId)
        {
            return request.ParentMessageId is null
                ? new ChatPlace(null, null, [])
                : throw DifyException.NotFound("Parent message not found: a new conversation has none.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var conversation = await db.FindConversationAsync(request.Audience, conversationId, cancellationToken);
        var (parentId, history) = await ChatHistory.ReadAsync(db, request, conversationId, cancellationToken);
        return new ChatPlace(conversation, parentId, history);
    }

    /// <summary>The conversation of the message, new where there is none yet.</summary>
    public Conversation Conversation(ChatRequest request, string? opener, JsonObject inputs, DateTimeOffset now) => Existing ?? new Conversation
    {
        WorkspaceId = request.Audience.WorkspaceId,
        AppId = request.Audience.AppId,
        EndUserId = request.Audience.EndUserId,
        AccountId = request.Audience.AccountId,
        Name = request.AutoGenerateName ? PlainText.Title(request.Query, LongestName) : ConversationService.UnnamedTitle,
        Inputs = (JsonObject)inputs.DeepClone(),
        Introduction = Opener.Render(opener, inputs),
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>Stages the message, with its conversation or the change of it.</summary>
    public void Stage(DifyDbContext db, Conversation conversation, Message message)
    {
        if (Existing is null)
        {
            db.Entry(conversation).State = EntityState.Added;
        }
        else if (db.Set<Conversation>().Local.FindEntry(conversation.Id) is null)
        {
            var row = db.Entry(new Conversation
            {
                Id = conversation.Id,
                Name = conversation.Name,
                Inputs = (JsonObject)message.Inputs.DeepClone(),
                UpdatedAt = message.CreatedAt,
            });
            row.State = EntityState.Unchanged;
            row.Property(c => c.UpdatedAt).IsModified = true;
            row.Property(c => c.Inputs).IsModified = true;
        }

        db.Entry(message).State = EntityState.Added;
    }

    /// <exception cref="DifyException"><c>invalid_param</c>: no text, or too much of it.</exception>
    public static string ReadQuery(string? query)
    {
        const int longest = 50_000;
        var text = PlainText.Clean(query ?? "").Trim();
        return text.Length switch
        {
            0 => throw DifyException.Invalid("query: write a message."),
            > longest => throw DifyException.Invalid($"query: at most {longest} characters."),
            _ => text,
        };
    }
}
