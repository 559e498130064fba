using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Retrieval;
using Dify.Core.Models;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;

namespace Dify.Web.Endpoints;

/// <summary>Knowledge bases on <c>/v1/datasets</c> (with a knowledge key) and <c>/console/api/datasets</c> alike.</summary>
internal static class DatasetEndpoints
{
    /// <summary>With a knowledge key: every base that its maker can see, as far as the base's API is switched on.</summary>
    public static void MapDatasets(this RouteGroupBuilder service)
    {
        var datasets = service.MapGroup("/datasets").RequireDatasetKey();
        datasets.MapCommon();
        datasets.MapGroup("/{datasetId:guid}").AddEndpointFilter(RequireApiAsync).MapOne();
    }

    /// <summary>For programs that signed in: the same, and what only the console offers.</summary>
    public static void MapConsoleDatasets(this RouteGroupBuilder console)
    {
        var datasets = console.MapGroup("/datasets");
        datasets.MapCommon();
        var one = datasets.MapGroup("/{datasetId:guid}");
        one.MapOne();
        one.MapConsoleDocuments();
        datasets.MapPost("/init", ConsoleDocumentEndpoints.InitAsync);
    }

    /// <summary>The caller of either API.</summary>
    public static async ValueTask<Actor> GetKnowledgeActorAsync(this HttpContext http) =>
        http.Request.Path.StartsWithSegments("/v1") ? http.CallerActor() : await http.GetActorAsync();

    /// <summary>A base as the wire shows it, with its maker's name.</summary>
    public static async Task<object> ToWireAsync(HttpContext http, Actor actor, KnowledgeSummary summary) =>
        (await ToWireAsync(http, actor, [summary]))[0];

    private static void MapCommon(this RouteGroupBuilder datasets)
    {
        datasets.MapPost("", CreateAsync);
        datasets.MapGet("", ListAsync);
    }

    private static void MapOne(this RouteGroupBuilder dataset)
    {
        dataset.MapGet("", GetAsync);
        dataset.MapPatch("", UpdateAsync);
        dataset.MapDelete("", DeleteAsync);
        dataset.MapPost("/retrieve", RetrieveAsync);
        dataset.MapPost("/hit-testing", RetrieveAsync);
        dataset.MapDocuments();
        dataset.MapSegments();
    }

    private static async ValueTask<object?> RequireApiAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (Guid.TryParse(http.GetRouteValue("datasetId") as string, out var id))
        {
            var knowledge = await http.RequestServices.GetRequiredService<KnowledgeService>()
                .FindAsync(http.CallerActor(), id, http.RequestAborted);
            if (!knowledge.ApiEnabled)
            {
                throw DifyException.Forbidden("Dataset api access is not enabled.");
            }
        }

        return await next(context);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, KnowledgeService knowledge)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var body = await http.Request.ReadAsync<DatasetRequest>();
        if (body.Provider is not (null or "" or "vendor"))
        {
            throw DifyException.Invalid("provider must be 'vendor'.");
        }

        var made = await knowledge.CreateAsync(
            actor,
            new NewKnowledgeBase
            {
                Name = body.Name ?? "",
                Description = body.Description ?? "",
                Permission = WireNames.ParseOrNull<KnowledgePermission>(body.Permission, "permission") ?? KnowledgePermission.OnlyMe,
                PartialMembers = body.PartialMembers ?? [],
                IndexingTechnique = WireNames.ParseOrNull<IndexingTechnique>(body.IndexingTechnique, "indexing_technique"),
                EmbeddingModel = body.EmbeddingModel,
                EmbeddingProvider = body.EmbeddingModelProvider,
                Retrieval = body.RetrievalModel?.ToSettings(),
            },
            http.RequestAborted);
        var status = http.Request.Path.StartsWithSegments("/v1") ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        return Results.Json(await ToWireAsync(http, actor, made), JsonDefaults.Wire, statusCode: status);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, KnowledgeService knowledge, string? keyword = null, int page = 1, int limit = 20)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var found = await knowledge.ListAsync(actor, keyword, page, limit, http.RequestAborted);
        return Results.Json(
            new
            {
                Data = await ToWireAsync(http, actor, found.Items),
                found.HasMore,
                Limit = Math.Clamp(limit, 1, 100),
                found.Total,
                Page = Math.Max(page, 1),
            },
            JsonDefaults.Wire);
    }

    private static async Task<IResult> GetAsync(HttpContext http, Guid datasetId, KnowledgeService knowledge)
    {
        var actor = await http.GetKnowledgeActorAsync();
        return Results.Json(
            await ToWireAsync(http, actor, await knowledge.GetAsync(actor, datasetId, http.RequestAborted)), JsonDefaults.Wire);
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, Guid datasetId, KnowledgeService knowledge)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var body = await http.Request.ReadAsync<DatasetRequest>();
        var changed = await knowledge.UpdateAsync(
            actor, datasetId,
            new KnowledgeChanges
            {
                Name = body.Name,
                Description = body.Description,
                Permission = WireNames.ParseOrNull<KnowledgePermission>(body.Permission, "permission"),
                PartialMembers = body.PartialMembers,
                IndexingTechnique = WireNames.ParseOrNull<IndexingTechnique>(body.IndexingTechnique, "indexing_technique"),
                EmbeddingModel = body.EmbeddingModel,
                EmbeddingProvider = body.EmbeddingModelProvider,
                Retrieval = body.RetrievalModel?.ToSettings(),
                ApiEnabled = body.EnableApi,
            },
            http.RequestAborted);
        return Results.Json(await ToWireAsync(http, actor, changed), JsonDefaults.Wire);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, Guid datasetId, KnowledgeService knowledge)
    {
        await knowledge.DeleteAsync(await http.GetKnowledgeActorAsync(), datasetId, http.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> RetrieveAsync(
        HttpContext http, Guid datasetId, KnowledgeService knowledge, SegmentService segments, Retriever retriever)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var body = await http.Request.ReadAsync<RetrieveRequest>();
        if (string.IsNullOrWhiteSpace(body.Query) || body.Query.Length > 250)
        {
            throw DifyException.Invalid("query must have 1 to 250 characters.");
        }

        var found = await knowledge.FindAsync(actor, datasetId, http.RequestAborted);
        if (found.IndexingTechnique is null)
        {
            throw new DifyException(
                ErrorCodes.DatasetNotInitialized, "The dataset has no documents yet. Add one before it is searched.");
        }

        var hits = await retriever.RetrieveAsync(
            new RetrievalQuery
            {
                WorkspaceId = actor.WorkspaceId,
                KnowledgeBaseIds = [datasetId],
                Text = body.Query,
                Settings = body.RetrievalModel?.ToSettings(),
                Source = "hit_testing",
            },
            http.RequestAborted);
        var rows = await segments.FindManyAsync(actor, datasetId, [.. hits.Select(hit => hit.SegmentId)], http.RequestAborted);
        return Results.Json(
            new
            {
                Query = new { Content = body.Query },
                Records = hits.Select(hit => KnowledgeWire.Hit(hit, rows.GetValueOrDefault(hit.SegmentId))),
            },
            JsonDefaults.Wire);
    }

    private static async Task<List<object>> ToWireAsync(HttpContext http, Actor actor, IReadOnlyList<KnowledgeSummary> summaries)
    {
        var catalog = http.RequestServices.GetRequiredService<ModelCatalog>();
        var names = (await http.RequestServices.GetRequiredService<MemberService>().ListAsync(actor, http.RequestAborted))
            .ToDictionary(member => member.AccountId, member => member.Name);
        var wire = new List<object>(summaries.Count);
        foreach (var summary in summaries)
        {
            var available = summary.KnowledgeBase is not { EmbeddingProvider: { } provider, EmbeddingModel: { } model }
                || await catalog.FindAsync(
                    actor.WorkspaceId, ModelType.TextEmbedding, ModelReference.Parse(provider, model), http.RequestAborted) is not null;
            wire.Add(KnowledgeWire.Dataset(summary, names.GetValueOrDefault(summary.KnowledgeBase.CreatedBy), available));
        }

        return wire;
    }
}
