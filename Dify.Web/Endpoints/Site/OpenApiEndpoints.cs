using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workspaces;
using Microsoft.Extensions.Options;

namespace Dify.Web.Endpoints;

/// <summary>Descriptions of what an app or a knowledge base offers to other programs, for signed-in members.</summary>
internal static class OpenApiEndpoints
{
    public static void MapOpenApiDescriptions(this RouteGroupBuilder site)
    {
        site.MapGet("/apps/{id:guid}/openapi.json", DescribeAppAsync);
        site.MapGet("/datasets/{id:guid}/openapi.json", DescribeKnowledgeAsync);
    }

    private static async Task<IResult> DescribeAppAsync(
        Guid id, HttpContext context, PublishedApps apps, WorkflowVersions versions, IOptions<SiteUrls> urls, CancellationToken cancellationToken)
    {
        var actor = await context.GetActorAsync();
        actor.Require(Permission.UsePublishedApps);
        var app = await apps.FindAsync(id, cancellationToken);
        if (app?.Mode.HasWorkflow() is true
            && await versions.FindPublishedAsync(actor.WorkspaceId, id, cancellationToken) is { } workflow)
        {
            var description = app.Mode == AppMode.Workflow
                ? WorkflowDescription.OfRun(app, StartForm.Read(workflow.Graph.Root), BaseAddress(context, urls.Value))
                : WorkflowDescription.OfChat(app, StartForm.Read(workflow.Graph.Root), BaseAddress(context, urls.Value));
            return Results.Json(description, JsonDefaults.Wire);
        }

        return app is { PublishedAt: not null } && !app.Mode.HasWorkflow() && app.WorkspaceId == actor.WorkspaceId
            ? Results.Json(OpenApiDescription.Of(app, BaseAddress(context, urls.Value)), JsonDefaults.Wire)
            : throw DifyException.NotFound("App not found, or not published yet.");
    }

    private static async Task<IResult> DescribeKnowledgeAsync(
        Guid id, HttpContext context, KnowledgeService knowledge, IOptions<SiteUrls> urls, CancellationToken cancellationToken)
    {
        var found = await knowledge.GetAsync(await context.GetActorAsync(), id, cancellationToken);
        return Results.Json(OpenApiDescription.Of(found.KnowledgeBase, BaseAddress(context, urls.Value)), JsonDefaults.Wire);
    }

    private static string BaseAddress(HttpContext context, SiteUrls urls) =>
        urls.ServiceApiBase($"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}");
}
