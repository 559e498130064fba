using Dify.Core.Apps;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Chat;

/// <summary>Stops what still answers in an app or a conversation that is about to be deleted.</summary>
internal sealed class ChatDeletion(
    IDbContextFactory<DifyDbContext> contexts, IStopSignals signals, EndUsers endUsers) : IAppDeletion
{
    public async ValueTask PrepareAsync(Guid appId, CancellationToken cancellationToken)
    {
        await StopAsync(messages => messages.Where(m => m.AppId == appId), cancellationToken);
        endUsers.ForgetApp(appId);
    }

    public Task StopConversationAsync(Guid conversationId, CancellationToken cancellationToken) =>
        StopAsync(messages => messages.Where(m => m.ConversationId == conversationId), cancellationToken);

    private async Task StopAsync(
        Func<IQueryable<Message>, IQueryable<Message>> which, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var running = await which(db.Messages.Where(m => m.Status == MessageStatus.Running))
            .Select(m => m.RunId).ToListAsync(cancellationToken);
        foreach (var runId in running)
        {
            await signals.StopAsync(runId, cancellationToken);
        }
    }
}
