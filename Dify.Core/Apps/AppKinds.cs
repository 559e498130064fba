using Dify.Core.Workflows.Drafts;

namespace Dify.Core.Apps;

internal sealed class AppKinds(PublishedApps apps) : IAppKinds
{
    public async ValueTask<bool> IsChatflowAsync(Guid appId, CancellationToken cancellationToken) =>
        await apps.FindAsync(appId, cancellationToken) is { Mode: AppMode.AdvancedChat };
}
