using Dify.Core.Common;
using Dify.Core.Workspaces;

namespace Dify.Core.Apps;

/// <summary>What differs for apps that have a workflow.</summary>
public sealed partial class AppService
{
    /// <summary>Makes the draft of an app's workflow what end users get, with a name and a note for the history.</summary>
    /// <exception cref="DifyException"><c>workflow_has_errors</c> when the graph cannot run; <c>invalid_param</c> for an app without a workflow.</exception>
    public async Task<App> PublishWorkflowAsync(
        Actor actor, Guid appId, string name, string note, CancellationToken cancellationToken = default)
    {
        var app = await GetAsync(actor, appId, cancellationToken);
        return app.Mode.HasWorkflow()
            ? await PublishWorkflowAsync(actor, app, name, note, cancellationToken)
            : throw DifyException.Invalid($"An app of mode '{app.Mode.ToWire()}' has no workflow. Publish its configuration.");
    }

    private async Task<App> PublishWorkflowAsync(
        Actor actor, App app, string name, string note, CancellationToken cancellationToken)
    {
        var config = app.Mode == AppMode.AdvancedChat
            ? ChatflowConfig.Of(await workflows.ReadAsync(actor, app.Id, null, cancellationToken))
            : null;
        await workflows.PublishAsync(actor, app.Id, name, note, db =>
        {
            db.Attach(app);
            app.Published = config;
            app.PublishedAt = app.UpdatedAt = time.GetUtcNow();
        }, cancellationToken);
        published.Forget(app.Id);
        return app;
    }

    private static void RequireConfiguration(App app)
    {
        if (app.Mode.HasWorkflow())
        {
            throw DifyException.Invalid($"An app of mode '{app.Mode.ToWire()}' has a workflow instead of a configuration.");
        }
    }
}
