using Dify.Core.Realtime;
using Dify.Core.Workflows.Runs;
using Dify.Core.Workspaces;
using Dify.Web.Components.Pages.Chat;
using Dify.Web.Components.Shared.Markdown;

namespace Dify.Web.Components.Pages.Workflows.Runs;

/// <summary>Opens watches on runs.</summary>
internal sealed class RunWatching(IRunEventLog events, RunHistory history, MarkdownRenderer markdown, TimeProvider time)
{
    /// <summary>A watch for a member, who sees every step; call <see cref="RunWatch.Start"/> on the page's thread.</summary>
    public RunWatch Open(RunTrace trace, Actor actor, Guid appId) => Open(
        trace, actor.WorkspaceId, appId, token => history.ListNodesAsync(actor, appId, trace.RunId, token));

    /// <summary>A watch for a visitor of a web app.</summary>
    public RunWatch Open(RunTrace trace, Guid workspaceId, Guid appId) => Open(trace, workspaceId, appId, null);

    private RunWatch Open(RunTrace trace, Guid workspaceId, Guid appId, Func<CancellationToken, Task<IReadOnlyList<NodeExecution>>>? nodes) => new(
        trace, new LiveAnswer(markdown, time),
        (after, token) => events.WatchAsync(trace.RunId, after, token),
        token => history.FindAsync(workspaceId, appId, trace.RunId, token),
        nodes, time);
}
