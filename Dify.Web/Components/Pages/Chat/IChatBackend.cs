using Dify.Core.Chat;
using Dify.Core.Realtime;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>What a chat panel asks of the program; tests put a script in its place.</summary>
public interface IChatBackend
{
    /// <exception cref="Core.Common.DifyException">404 when the conversation is not the audience's.</exception>
    Task<Conversation> GetConversationAsync(ChatAudience audience, Guid conversationId, CancellationToken cancellationToken);

    /// <summary>All messages of the tree, oldest first.</summary>
    Task<IReadOnlyList<Message>> GetMessagesAsync(ChatAudience audience, Guid conversationId, CancellationToken cancellationToken);

    /// <summary>Starts an answer; it goes on when the panel is gone.</summary>
    /// <exception cref="Core.Common.DifyException">The request cannot be answered; the message says why.</exception>
    Task<ChatRun> StartAsync(ChatRequest request, CancellationToken cancellationToken);

    /// <summary>The events of a run from its first, then live ones; none for a run that is no longer known.</summary>
    IAsyncEnumerable<RunEvent> WatchAsync(Guid taskId, long afterNumber, CancellationToken cancellationToken);

    /// <summary>The tokens of the forms that a paused answer waits for and that this page may show; null when it waits no more.</summary>
    Task<IReadOnlyList<string>?> FindFormsAsync(ChatAudience audience, Guid runId, CancellationToken cancellationToken);

    Task StopAsync(ChatAudience audience, Guid taskId, CancellationToken cancellationToken);

    Task<IReadOnlyList<string>> SuggestAsync(ChatAudience audience, Guid messageId, CancellationToken cancellationToken);

    Task RateAsync(ChatAudience audience, Guid messageId, string? rating, string? comment, CancellationToken cancellationToken);
}
