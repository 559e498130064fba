namespace Dify.Core.Chat;

/// <summary>
/// An answer in the making. It goes on when nobody watches; events are in <see cref="Realtime.IRunEventLog"/> under
/// <paramref name="TaskId"/>.
/// </summary>
/// <param name="TaskId">Stops the run; the same as the message's run id.</param>
/// <param name="Completion">Ends with the stored message; never faults because of the model, see its status.</param>
public sealed record ChatRun(Guid TaskId, Guid ConversationId, Guid MessageId, DateTimeOffset CreatedAt, Task<Message> Completion);
