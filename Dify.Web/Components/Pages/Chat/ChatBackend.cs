using Dify.Core.Chat;
using Dify.Core.Realtime;
using Dify.Core.Workflows.Runs;
using Dify.Web.Components.Pages.Workflows.Runs;

namespace Dify.Web.Components.Pages.Chat;

internal sealed class ChatBackend(ChatService chat, ConversationService conversations, IRunEventLog events, RunHistory history) : IChatBackend
{
    public Task<Conversation> GetConversationAsync(
        ChatAudience audience, Guid conversationId, CancellationToken cancellationToken) =>
        conversations.GetAsync(audience, conversationId, cancellationToken);

    public Task<IReadOnlyList<Message>> GetMessagesAsync(
        ChatAudience audience, Guid conversationId, CancellationToken cancellationToken) =>
        conversations.GetTreeAsync(audience, conversationId, cancellationToken);

    public Task<ChatRun> StartAsync(ChatRequest request, CancellationToken cancellationToken) =>
        chat.StartAsync(request, cancellationToken);

    public IAsyncEnumerable<RunEvent> WatchAsync(Guid taskId, long afterNumber, CancellationToken cancellationToken) =>
        events.WatchAsync(taskId, afterNumber, cancellationToken);

    public async Task<IReadOnlyList<string>?> FindFormsAsync(ChatAudience audience, Guid runId, CancellationToken cancellationToken) =>
        await history.FindAsync(audience.WorkspaceId, audience.AppId, runId, cancellationToken) is { Status: RunStatus.Paused } run ? [.. RunTrace.Of(run, []).FormTokens] : null;

    public Task StopAsync(ChatAudience audience, Guid taskId, CancellationToken cancellationToken) =>
        chat.StopAsync(audience, taskId, cancellationToken);

    public Task<IReadOnlyList<string>> SuggestAsync(
        ChatAudience audience, Guid messageId, CancellationToken cancellationToken) =>
        chat.SuggestAsync(audience, messageId, cancellationToken);

    public Task RateAsync(
        ChatAudience audience, Guid messageId, string? rating, string? comment, CancellationToken cancellationToken) =>
        conversations.RateAsync(audience, messageId, rating, comment, cancellationToken);
}
