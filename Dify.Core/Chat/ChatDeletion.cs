using Dify.Core.Apps;
using Dify.Core.Realtime;
using Dify.Core.Storage;
using Dify.Core.Workflows.Runs;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Chat;

/// <summary>Stops what still answers in an app or a conversation that is about to be deleted.</summary>
internal sealed class ChatDeletion(
    IDbContextFactory<DifyDbContext> contexts, IStopSignals signals, WorkflowRunService runs, EndUsers endUsers) : IAppDeletion
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
        var unfinished = await which(db.Messages.Where(m => m.Status == MessageStatus.Running || m.Status == MessageStatus.Paused))
            .Select(m => new { m.RunId, m.Status, m.WorkspaceId, m.AppId }).ToListAsync(cancellationToken);
        foreach (var message in unfinished)
        {
            await (message.Status == MessageStatus.Running
                ? signals.StopAsync(message.RunId, cancellationToken).AsTask()
                : runs.StopAsync(message.WorkspaceId, message.AppId, message.RunId, cancellationToken));
        }
    }
}
