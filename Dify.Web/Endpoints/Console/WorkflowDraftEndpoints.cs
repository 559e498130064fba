using System.Text.Json.Nodes;
using Dify.Core.Accounts;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workspaces;
using Microsoft.AspNetCore.Mvc;

namespace Dify.Web.Endpoints;

/// <summary><c>/console/api/apps/{id}/workflows/draft</c>: what an editor of a graph needs.</summary>
internal static class WorkflowDraftEndpoints
{
    /// <summary>A graph of 10 MB with what is around it.</summary>
    private const long LargestBody = 12 * 1024 * 1024;

    public static void MapWorkflowDrafts(this RouteGroupBuilder console)
    {
        var draft = console.MapGroup("/apps/{appId}/workflows/draft").WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        draft.MapGet("", GetAsync);
        draft.MapPost("", SaveAsync);
        draft.MapPost("/changes", ChangeAsync);
        draft.MapGet("/check", CheckAsync);
        draft.MapPost("/features", SaveFeaturesAsync);
        draft.MapGet("/environment-variables", ListEnvironmentAsync);
        draft.MapPost("/environment-variables", SaveEnvironmentAsync);
        draft.MapGet("/conversation-variables", ListConversationAsync);
        draft.MapPost("/conversation-variables", SaveConversationAsync);
    }

    private static async Task<IResult> GetAsync(
        ConsoleActor actor, string appId, WorkflowDraftService drafts, AccountNames names, CancellationToken cancellationToken)
    {
        var draft = await drafts.GetAsync(actor, AppEndpoints.ReadAppId(appId), cancellationToken);
        var known = await names.FindAsync([draft.UpdatedBy], cancellationToken);
        return Results.Json(WorkflowResponse.From(draft, known.GetValueOrDefault(draft.UpdatedBy)), JsonDefaults.Wire);
    }

    private static async Task<IResult> SaveAsync(
        ConsoleActor actor, string appId, HttpRequest request, WorkflowDraftService drafts)
    {
        actor.Actor.Require(Permission.EditApps);
        var body = await request.ReadAsync<SaveWorkflowRequest>(LargestBody);
        var content = new WorkflowContent
        {
            Graph = body.Graph ?? throw DifyException.Invalid("graph is required."),
            Features = body.Features ?? throw DifyException.Invalid("features is required."),
            EnvironmentVariables = WorkflowVariableJson.Read(body.EnvironmentVariables),
            ConversationVariables = WorkflowVariableJson.Read(body.ConversationVariables),
        };
        var hash = string.IsNullOrEmpty(body.Hash) ? null : body.Hash;
        return Saved(await drafts.SaveAsync(
            actor, AppEndpoints.ReadAppId(appId), content, body.Revision, hash, request.HttpContext.RequestAborted));
    }

    private static async Task<IResult> ChangeAsync(
        ConsoleActor actor, string appId, HttpRequest request, WorkflowDraftService drafts)
    {
        actor.Actor.Require(Permission.EditApps);
        var body = await request.ReadAsync<ChangeWorkflowRequest>(LargestBody);
        return Saved(await drafts.ApplyAsync(
            actor, AppEndpoints.ReadAppId(appId), body.Revision ?? throw DifyException.Invalid("revision is required."),
            body.Changes ?? throw DifyException.Invalid("changes is required."), request.HttpContext.RequestAborted));
    }

    private static async Task<IResult> CheckAsync(
        ConsoleActor actor, string appId, WorkflowDraftService drafts, CancellationToken cancellationToken) =>
        Results.Json(
            new { Items = await drafts.CheckAsync(actor, AppEndpoints.ReadAppId(appId), cancellationToken) }, JsonDefaults.Wire);

    private static async Task<IResult> SaveFeaturesAsync(
        ConsoleActor actor, string appId, HttpRequest request, WorkflowDraftService drafts)
    {
        var body = await request.ReadAsync<SaveWorkflowRequest>();
        var features = body.Features ?? throw DifyException.Invalid("features is required.");
        await ReplaceAsync(actor, appId, drafts, content => content with { Features = features }, request.HttpContext.RequestAborted);
        return Results.Json(ResultResponse.Success, JsonDefaults.Wire);
    }

    private static async Task<IResult> SaveEnvironmentAsync(
        ConsoleActor actor, string appId, HttpRequest request, WorkflowDraftService drafts)
    {
        var body = await request.ReadAsync<SaveWorkflowRequest>();
        var variables = WorkflowVariableJson.Read(
            body.EnvironmentVariables ?? throw DifyException.Invalid("environment_variables is required."));
        await ReplaceAsync(
            actor, appId, drafts, content => content with { EnvironmentVariables = variables }, request.HttpContext.RequestAborted);
        return Results.Json(ResultResponse.Success, JsonDefaults.Wire);
    }

    private static async Task<IResult> SaveConversationAsync(
        ConsoleActor actor, string appId, HttpRequest request, WorkflowDraftService drafts)
    {
        var body = await request.ReadAsync<SaveWorkflowRequest>();
        var variables = WorkflowVariableJson.Read(
            body.ConversationVariables ?? throw DifyException.Invalid("conversation_variables is required."));
        await ReplaceAsync(
            actor, appId, drafts, content => content with { ConversationVariables = variables }, request.HttpContext.RequestAborted);
        return Results.Json(ResultResponse.Success, JsonDefaults.Wire);
    }

    private static async Task<IResult> ListEnvironmentAsync(
        ConsoleActor actor, string appId, WorkflowDraftService drafts, CancellationToken cancellationToken)
    {
        var draft = await drafts.GetAsync(actor, AppEndpoints.ReadAppId(appId), cancellationToken);
        return Results.Json(new { Items = Describe(draft.Content.EnvironmentVariables, "env") }, JsonDefaults.Wire);
    }

    private static async Task<IResult> ListConversationAsync(
        ConsoleActor actor, string appId, WorkflowDraftService drafts, CancellationToken cancellationToken)
    {
        var draft = await drafts.GetAsync(actor, AppEndpoints.ReadAppId(appId), cancellationToken);
        return Results.Json(new { Items = Describe(draft.Content.ConversationVariables, "conversation") }, JsonDefaults.Wire);
    }

    private static async Task ReplaceAsync(
        ConsoleActor actor, string appId, WorkflowDraftService drafts, Func<WorkflowContent, WorkflowContent> change,
        CancellationToken cancellationToken)
    {
        var draft = await drafts.GetAsync(actor, AppEndpoints.ReadAppId(appId), cancellationToken);
        await drafts.SaveAsync(actor, draft.AppId, change(draft.Content), draft.Revision, null, cancellationToken);
    }

    private static JsonArray Describe(IReadOnlyList<WorkflowVariable> variables, string scope)
    {
        var list = WorkflowVariableJson.Write(variables, scope);
        foreach (var item in list)
        {
            item!["type"] = scope == "env" ? "env" : "conversation";
            item["edited"] = false;
            item["visible"] = true;
            item["editable"] = true;
        }

        return list;
    }

    private static IResult Saved(WorkflowDraft draft) => Results.Json(SavedWorkflowResponse.From(draft), JsonDefaults.Wire);
}
