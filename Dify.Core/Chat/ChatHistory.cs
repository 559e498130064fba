using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Chat;

/// <summary>A question and its answer, as a model is told of it.</summary>
internal sealed record ChatTurn(string Query, string Answer);

/// <summary>
/// What was said before on the branch that a new message continues: the newest messages, up to
/// <see cref="MostMessages"/> or <see cref="MostTokens"/>, whichever is reached first.
/// </summary>
internal static class ChatHistory
{
    public const int MostMessages = 500;
    public const int MostTokens = 2000;

    private static readonly int[] Portions = [40, 460];

    /// <returns>The parent of the new message, and the turns up to it, oldest first.</returns>
    /// <exception cref="DifyException">404: the named parent is not in the conversation.</exception>
    public static async Task<(Guid? ParentId, IReadOnlyList<ChatTurn> Turns)> ReadAsync(
        DifyDbContext db, ChatRequest request, Guid conversationId, CancellationToken cancellationToken)
    {
        if (request.ParentMessageId is null && !request.FollowsLatest)
        {
            return (null, []);
        }

        var known = new Dictionary<Guid, StoredTurn>();
        var parentId = request.ParentMessageId;
        var reading = new Branch();
        var skip = 0;
        foreach (var portion in Portions)
        {
            var read = 0;
            foreach (var turn in await NewestAsync(db, conversationId, skip, portion, cancellationToken))
            {
                parentId ??= turn.Id;
                known[turn.Id] = turn;
                read++;
            }

            skip += portion;
            reading.Next ??= parentId;
            if (reading.Follow(known) || read < portion)
            {
                break;
            }
        }

        if (request.ParentMessageId is { } named && !known.ContainsKey(named)
            && !await db.Messages.AnyAsync(m => m.Id == named && m.ConversationId == conversationId, cancellationToken))
        {
            throw DifyException.NotFound("Parent message not found in this conversation.");
        }

        reading.Turns.Reverse();
        return (parentId, reading.Turns);
    }

    private static Task<List<StoredTurn>> NewestAsync(
        DifyDbContext db, Guid conversationId, int skip, int take, CancellationToken cancellationToken) => db.Messages
        .Where(m => m.ConversationId == conversationId)
        .OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id)
        .Skip(skip).Take(take)
        .Select(m => new StoredTurn(m.Id, m.ParentMessageId, m.Query, m.Answer))
        .ToListAsync(cancellationToken);

    private sealed record StoredTurn(Guid Id, Guid? ParentId, string Query, string Answer);

    private sealed class Branch
    {
        private int _tokens;

        public Guid? Next { get; set; }

        public List<ChatTurn> Turns { get; } = [];

        /// <returns>True when nothing older is wanted.</returns>
        public bool Follow(Dictionary<Guid, StoredTurn> known)
        {
            while (Next is { } id)
            {
                if (!known.TryGetValue(id, out var turn))
                {
                    return false;
                }

                if (turn.Answer.Length > 0)
                {
                    _tokens += TokenCounter.Count(turn.Query) + TokenCounter.Count(turn.Answer);
                    if (_tokens > MostTokens || Turns.Count == MostMessages)
                    {
                        return true;
                    }

                    Turns.Add(new ChatTurn(turn.Query, turn.Answer));
                }

                Next = turn.ParentId;
                if (Next is null)
                {
                    return true;
                }
            }

            return true;
        }
    }
}
