using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Dify.Core.Chat;
using Dify.Core.Common;
using Dify.Core.Realtime;
using Dify.Web.Components.Pages.Chat;

namespace Dify.Tests.Web.Chat;

/// <summary>A chat whose answers the test speaks, word for word.</summary>
internal sealed class ScriptedChat : IChatBackend
{
    private readonly Dictionary<Guid, Channel<RunEvent>> _runs = [];
    private long _number;

    public List<Message> Messages { get; } = [];

    public Conversation Conversation { get; set; } = new() { Name = "A talk" };

    public List<ChatRequest> Requests { get; } = [];

    public List<Guid> Stopped { get; } = [];

    public List<(Guid Message, string? Rating, string? Comment)> Ratings { get; } = [];

    public IReadOnlyList<string> FollowUps { get; set; } = [];

    public DifyException? Refusal { get; set; }

    public Message Store(string query, string answer, Message? parent = null, MessageStatus status = MessageStatus.Normal)
    {
        var message = new Message
        {
            ConversationId = Conversation.Id,
            ParentMessageId = parent?.Id,
            RunId = Guid.CreateVersion7(),
            Query = query,
            Answer = answer,
            Status = status,
            InvokeFrom = "web-app",
            CreatedAt = DateTimeOffset.UnixEpoch.AddMinutes(Messages.Count),
            FinishedAt = status is MessageStatus.Running ? null : DateTimeOffset.UnixEpoch.AddMinutes(Messages.Count).AddSeconds(1.24),
        };
        Messages.Add(message);
        _runs[message.RunId] = Channel.CreateUnbounded<RunEvent>();
        if (status is MessageStatus.Paused)
        {
            Write(message, "node_started", """{"data": {"id": "x", "node_id": "ask", "node_type": "human-input", "title": "Ask"}}""");
            Write(message, "workflow_paused", """{"data": {}}""");
            _runs[message.RunId].Writer.Complete();
        }

        return message;
    }

    public void Say(string piece) => Write(Messages[^1], "message", JsonSerializer.Serialize(new { answer = piece }));

    public void Replace(string text) => Write(Messages[^1], "message_replace", JsonSerializer.Serialize(new { answer = text }));

    public void Finish(string answer, MessageStatus status = MessageStatus.Normal, Action<Message>? also = null)
    {
        var message = Messages[^1];
        message.Answer = answer;
        message.Status = status;
        message.FinishedAt = message.CreatedAt.AddSeconds(2);
        also?.Invoke(message);
        _runs[message.RunId].Writer.Complete();
    }

    /// <summary>Ends the run's events without a stored end, as when another process makes the answer.</summary>
    public void EndEvents() => _runs[Messages[^1].RunId].Writer.TryComplete();

    public Task<Conversation> GetConversationAsync(ChatAudience audience, Guid conversationId, CancellationToken cancellationToken) =>
        conversationId == Conversation.Id
            ? Task.FromResult(Conversation)
            : throw DifyException.NotFound("This conversation does not exist.");

    public Task<IReadOnlyList<Message>> GetMessagesAsync(
        ChatAudience audience, Guid conversationId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Message>>([.. Messages]);

    public Task<ChatRun> StartAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        if (Refusal is not null)
        {
            throw Refusal;
        }

        Requests.Add(request);
        var parent = Messages.FirstOrDefault(m => m.Id == request.ParentMessageId);
        var message = Store(request.Query, "", parent, MessageStatus.Running);
        return Task.FromResult(new ChatRun(
            message.RunId, Conversation.Id, message.Id, message.CreatedAt, Task.FromResult(message)));
    }

    public async IAsyncEnumerable<RunEvent> WatchAsync(
        Guid taskId, long afterNumber, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in _runs[taskId].Reader.ReadAllAsync(cancellationToken))
        {
            yield return happened;
        }
    }

    /// <summary>What a paused answer waits for; null: for nothing any more.</summary>
    public IReadOnlyList<string>? Forms { get; set; }

    /// <summary>A form was filled in somewhere: the last answer goes on.</summary>
    public void GoOn()
    {
        var message = Messages[^1];
        (message.Status, Forms) = (MessageStatus.Running, null);
        _runs[message.RunId] = Channel.CreateUnbounded<RunEvent>();
    }

    public Task<IReadOnlyList<string>?> FindFormsAsync(ChatAudience audience, Guid runId, CancellationToken cancellationToken) =>
        Task.FromResult(Forms);

    public Task StopAsync(ChatAudience audience, Guid taskId, CancellationToken cancellationToken)
    {
        Stopped.Add(taskId);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> SuggestAsync(
        ChatAudience audience, Guid messageId, CancellationToken cancellationToken) => Task.FromResult(FollowUps);

    public Task RateAsync(
        ChatAudience audience, Guid messageId, string? rating, string? comment, CancellationToken cancellationToken)
    {
        Ratings.Add((messageId, rating, comment));
        return Task.CompletedTask;
    }

    private void Write(Message message, string name, string json) =>
        _runs[message.RunId].Writer.TryWrite(new RunEvent(++_number, name, json));
}
