using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;

namespace Dify.Web.Endpoints;

/// <summary>What Dify's console offers of documents beyond the service API: several files at once, pause, retry, rename.</summary>
internal static class ConsoleDocumentEndpoints
{
    public static void MapConsoleDocuments(this RouteGroupBuilder dataset)
    {
        dataset.MapPost("/documents", AddAsync);
        dataset.MapDelete("/documents", DeleteAsync);
        dataset.MapGet("/batch/{batch}/indexing-status", StatusAsync);
        dataset.MapPatch("/documents/status/{action}/batch", SwitchAsync);
        dataset.MapPatch("/documents/{documentId:guid}/processing/{action}", ProcessAsync);
        dataset.MapPost("/documents/{documentId:guid}/rename", RenameAsync);
        dataset.MapPost("/retry", RetryAsync);
    }

    /// <summary>Makes a base named after its first file, and adds the files.</summary>
    public static async Task<IResult> InitAsync(HttpContext http, KnowledgeService knowledge, DocumentService documents)
    {
        var actor = await http.GetActorAsync();
        var body = await http.Request.ReadAsync<FilesRequest>();
        var made = await knowledge.CreateAsync(
            actor,
            new NewKnowledgeBase
            {
                Name = body.Name is { Length: > 0 } name ? name : $"Untitled {Guid.CreateVersion7().ToString("N")[..8]}",
                Retrieval = body.RetrievalModel?.ToSettings(),
            },
            http.RequestAborted);
        try
        {
            var added = await documents.AddAsync(actor, made.KnowledgeBase.Id, body.ToNewDocuments(), http.RequestAborted);
            var summary = await knowledge.GetAsync(actor, made.KnowledgeBase.Id, http.RequestAborted);
            return Results.Json(
                new
                {
                    Dataset = await DatasetEndpoints.ToWireAsync(http, actor, summary),
                    Documents = await DocumentEndpoints.ToWireAsync(http, actor, added),
                    added[0].Batch,
                },
                JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
        }
        catch (DifyException)
        {
            await knowledge.DeleteAsync(actor, made.KnowledgeBase.Id, http.RequestAborted);
            throw;
        }
    }

    private static async Task<IResult> AddAsync(HttpContext http, Guid datasetId, DocumentService documents)
    {
        var actor = await http.GetActorAsync();
        var body = await http.Request.ReadAsync<FilesRequest>();
        var added = await documents.AddAsync(actor, datasetId, body.ToNewDocuments(), http.RequestAborted);
        return Results.Json(
            new { Documents = await DocumentEndpoints.ToWireAsync(http, actor, added), added[0].Batch }, JsonDefaults.Wire);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, Guid datasetId, DocumentService documents)
    {
        await documents.DeleteAsync(await http.GetActorAsync(), datasetId, DocumentIds(http), http.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> StatusAsync(HttpContext http, Guid datasetId, string batch, DocumentService documents)
    {
        var found = await documents.GetBatchAsync(await http.GetActorAsync(), datasetId, batch, http.RequestAborted);
        return Results.Json(new { Data = found.Select(KnowledgeWire.Status) }, JsonDefaults.Wire);
    }

    private static async Task<IResult> SwitchAsync(HttpContext http, Guid datasetId, string action, DocumentService documents)
    {
        await DocumentEndpoints.ApplyAsync(
            await http.GetActorAsync(), datasetId, action, DocumentIds(http), documents, http.RequestAborted);
        return Success();
    }

    private static async Task<IResult> ProcessAsync(
        HttpContext http, Guid datasetId, Guid documentId, string action, DocumentService documents)
    {
        var actor = await http.GetActorAsync();
        await (action switch
        {
            "pause" => documents.PauseAsync(actor, datasetId, documentId, http.RequestAborted),
            "resume" => documents.ResumeAsync(actor, datasetId, documentId, http.RequestAborted),
            _ => throw new DifyException(ErrorCodes.InvalidAction, "The action must be pause or resume."),
        });
        return Success();
    }

    private static async Task<IResult> RenameAsync(HttpContext http, Guid datasetId, Guid documentId, DocumentService documents)
    {
        var actor = await http.GetActorAsync();
        var body = await http.Request.ReadAsync<RenameDocumentRequest>();
        var renamed = await documents.RenameAsync(actor, datasetId, documentId, body.Name ?? "", http.RequestAborted);
        return Results.Json((await DocumentEndpoints.ToWireAsync(http, actor, [renamed]))[0], JsonDefaults.Wire);
    }

    private static async Task<IResult> RetryAsync(HttpContext http, Guid datasetId, DocumentService documents)
    {
        var actor = await http.GetActorAsync();
        var ids = (await http.Request.ReadAsync<DocumentIdsRequest>()).DocumentIds ?? [];
        await documents.RetryAsync(actor, datasetId, ids, http.RequestAborted);
        return Results.NoContent();
    }

    private static List<Guid> DocumentIds(HttpContext http) =>
    [
        .. http.Request.Query["document_id"].Select(id => Guid.TryParse(id, out var parsed)
            ? parsed
            : throw DifyException.NotFound("Document not found.")),
    ];

    private static IResult Success() => Results.Json(new { Result = "success" }, JsonDefaults.Wire);

    private sealed record FilesRequest(
        string? Name, string? IndexingTechnique, DataSourceRequest? DataSource, ProcessRuleRequest? ProcessRule,
        RetrievalModelRequest? RetrievalModel, string? EmbeddingModel, string? EmbeddingModelProvider)
    {
        public NewDocuments ToNewDocuments() => new()
        {
            FileIds = DataSource?.InfoList?.FileInfoList?.FileIds ?? throw DifyException.Invalid("data_source with file_ids is required."),
            ProcessRule = ProcessRule?.ToRule() ?? new ProcessRule(),
            IndexingTechnique = WireNames.ParseOrNull<IndexingTechnique>(IndexingTechnique, "indexing_technique"),
            EmbeddingModel = EmbeddingModel,
            EmbeddingProvider = EmbeddingModelProvider,
            Retrieval = RetrievalModel?.ToSettings(),
        };
    }

    private sealed record DataSourceRequest(string? Type, InfoListRequest? InfoList);

    private sealed record InfoListRequest(string? DataSourceType, FileInfoListRequest? FileInfoList);

    private sealed record FileInfoListRequest(IReadOnlyList<Guid>? FileIds);
}
