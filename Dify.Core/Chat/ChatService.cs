namespace Dify.Core.Chat;

/// <summary>Sends messages to chat apps.</summary>
public sealed class ChatService
{
    /// <summary>
    /// Checks the request, starts the answer in the background and returns at once. Conversation and message are
    /// stored before the first event that names them can be seen.
    /// </summary>
    /// <exception cref="Common.DifyException">Bad inputs, unpublished app, unknown conversation or parent.</exception>
    public Task<ChatRun> StartAsync(ChatRequest request, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Stops the run if it is this audience's; otherwise does nothing, as Dify does.</summary>
    public Task StopAsync(ChatAudience audience, Guid taskId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Follow-up questions for an answer: up to 3, from the app's model; empty when the feature is off.</summary>
    public Task<IReadOnlyList<string>> SuggestAsync(
        ChatAudience audience, Guid messageId, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
