using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Workspaces;

namespace Dify.Web.Endpoints;

/// <summary>Documents of a base: create from text or file, list, read, replace, switch, delete, progress.</summary>
internal static class DocumentEndpoints
{
    private const long TextLimit = 40 * 1024 * 1024;

    public static void MapDocuments(this RouteGroupBuilder dataset)
    {
        dataset.MapPost("/document/create-by-text", CreateByTextAsync);
        dataset.MapPost("/document/create_by_text", CreateByTextAsync);
        dataset.MapPost("/document/create-by-file", CreateByFileAsync);
        dataset.MapPost("/document/create_by_file", CreateByFileAsync);
        dataset.MapGet("/documents", ListAsync);
        dataset.MapGet("/documents/{batch}/indexing-status", StatusAsync);
        dataset.MapPatch("/documents/status/{action}", SwitchAsync);

        var document = dataset.MapGroup("/documents/{documentId:guid}");
        document.MapGet("", GetAsync);
        document.MapDelete("", DeleteAsync);
        document.MapPatch("", ReplaceByFileAsync);
        document.MapPost("/update-by-text", ReplaceByTextAsync);
        document.MapPost("/update_by_text", ReplaceByTextAsync);
        document.MapPost("/update-by-file", ReplaceByFileAsync);
        document.MapPost("/update_by_file", ReplaceByFileAsync);
    }

    /// <summary>Documents with the files they came from.</summary>
    public static async Task<List<object>> ToWireAsync(
        HttpContext http, Actor actor, IReadOnlyList<Document> documents, Func<Document, UploadedFile?, object>? shape = null)
    {
        var files = await http.RequestServices.GetRequiredService<FileService>().FindManyAsync(
            actor.WorkspaceId, [.. documents.Select(d => d.FileId).OfType<Guid>()], http.RequestAborted);
        return [.. documents.Select(d => (shape ?? KnowledgeWire.Document)(d, d.FileId is { } id ? files.GetValueOrDefault(id) : null))];
    }

    private static async Task<IResult> CreateByTextAsync(HttpContext http, Guid datasetId, DocumentService documents)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var body = await http.Request.ReadAsync<DocumentRequest>(TextLimit);
        if (body.OriginalDocumentId is { } original)
        {
            return await ReplaceTextAsync(http, actor, datasetId, original, body, documents);
        }

        var usual = body.ProcessRule is null ? await LatestRuleAsync(http, actor, datasetId, documents) : null;
        var added = await documents.AddAsync(
            actor, datasetId,
            body.ToNewDocuments(usual ?? new ProcessRule()) with { Texts = [new NewTextDocument(body.Name ?? "", body.Text ?? "")] },
            http.RequestAborted);
        return await AnswerAsync(http, actor, added[0]);
    }

    private static async Task<IResult> CreateByFileAsync(HttpContext http, Guid datasetId, DocumentService documents, FileService files)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var form = await http.ReadUploadAsync();
        var body = DocumentRequest.Parse(form["data"]);
        if (body.OriginalDocumentId is { } original)
        {
            return await ReplaceFileAsync(http, actor, datasetId, original, form, body, documents, files);
        }

        // Settings are checked before a byte is stored.
        var rule = body.ProcessRule?.ToRule() ?? await LatestRuleAsync(http, actor, datasetId, documents)
            ?? throw DifyException.Invalid("process_rule is required with the first document.");
        var request = body.ToNewDocuments(rule);
        var file = await http.SaveUploadAsync(actor, form, documentsOnly: true);
        var added = await KeepOrDeleteAsync(
            http, files, file,
            () => documents.AddAsync(actor, datasetId, request with { FileIds = [file.Id] }, http.RequestAborted));
        return await AnswerAsync(http, actor, added[0]);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, Guid datasetId, DocumentService documents, string? keyword = null, string? status = null, int page = 1, int limit = 20)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var filter = new DocumentFilter(keyword, WireNames.ParseOrNull<DocumentDisplayStatus>(status, "status"), page, limit);
        var found = await documents.ListAsync(actor, datasetId, filter, http.RequestAborted);
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

    private static async Task<IResult> StatusAsync(HttpContext http, Guid datasetId, string batch, DocumentService documents)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var found = await documents.GetBatchAsync(actor, datasetId, batch, http.RequestAborted);
        return Results.Json(new { Data = found.Select(KnowledgeWire.Status) }, JsonDefaults.Wire);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, Guid datasetId, Guid documentId, DocumentService documents, string metadata = "all")
    {
        var actor = await http.GetKnowledgeActorAsync();
        var document = await documents.GetAsync(actor, datasetId, documentId, http.RequestAborted);
        return metadata switch
        {
            "all" or "without" => Results.Json((await ToWireAsync(http, actor, [document], KnowledgeWire.Detail))[0], JsonDefaults.Wire),
            "only" => Results.Json(
                new { document.Id, DocType = (string?)null, DocMetadata = Array.Empty<object>() }, JsonDefaults.Wire),
            _ => throw new DifyException("invalid_metadata", "metadata must be 'all', 'only' or 'without'."),
        };
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, Guid datasetId, Guid documentId, DocumentService documents)
    {
        await documents.DeleteAsync(await http.GetKnowledgeActorAsync(), datasetId, [documentId], http.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> SwitchAsync(HttpContext http, Guid datasetId, string action, DocumentService documents)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var ids = (await http.Request.ReadAsync<DocumentIdsRequest>()).DocumentIds
            ?? throw DifyException.Invalid("document_ids is required.");
        await ApplyAsync(actor, datasetId, action, ids, documents, http.RequestAborted);
        return Results.Json(new { Result = "success" }, JsonDefaults.Wire);
    }

    /// <exception cref="DifyException"><c>invalid_action</c>.</exception>
    public static Task ApplyAsync(
        Actor actor, Guid datasetId, string action, IReadOnlyList<Guid> ids, DocumentService documents, CancellationToken stop) => action switch
        {
            "enable" or "disable" => documents.SetEnabledAsync(actor, datasetId, ids, action == "enable", stop),
            "archive" or "un_archive" => documents.SetArchivedAsync(actor, datasetId, ids, action == "archive", stop),
            _ => throw new DifyException(ErrorCodes.InvalidAction, "The action must be enable, disable, archive or un_archive."),
        };

    private static async Task<IResult> ReplaceByTextAsync(HttpContext http, Guid datasetId, Guid documentId, DocumentService documents)
    {
        var actor = await http.GetKnowledgeActorAsync();
        return await ReplaceTextAsync(
            http, actor, datasetId, documentId, await http.Request.ReadAsync<DocumentRequest>(TextLimit), documents);
    }

    private static async Task<IResult> ReplaceByFileAsync(
        HttpContext http, Guid datasetId, Guid documentId, DocumentService documents, FileService files)
    {
        var actor = await http.GetKnowledgeActorAsync();
        var form = await http.ReadUploadAsync();
        return await ReplaceFileAsync(http, actor, datasetId, documentId, form, DocumentRequest.Parse(form["data"]), documents, files);
    }

    private static async Task<IResult> ReplaceTextAsync(
        HttpContext http, Actor actor, Guid datasetId, Guid documentId, DocumentRequest body, DocumentService documents)
    {
        var before = await documents.GetAsync(actor, datasetId, documentId, http.RequestAborted);
        var request = body.ToNewDocuments(before.ProcessRule);
        var after = body.Text is null
            ? await ReprocessAsync(actor, before, request, body, documents, http.RequestAborted)
            : await documents.ReplaceAsync(
                actor, datasetId, documentId,
                request with { Texts = [new NewTextDocument(body.Name ?? throw DifyException.Invalid("name is required with text."), body.Text)] },
                http.RequestAborted);
        return await AnswerAsync(http, actor, after);
    }

    private static async Task<Document> ReprocessAsync(
        Actor actor, Document before, NewDocuments request, DocumentRequest body, DocumentService documents, CancellationToken stop)
    {
        var after = body.Name is null
            ? before
            : await documents.RenameAsync(actor, before.KnowledgeBaseId, before.Id, body.Name, stop);
        return body.ProcessRule is null
            ? after
            : await documents.ReprocessAsync(actor, before.KnowledgeBaseId, before.Id, request.ProcessRule, stop);
    }

    private static async Task<IResult> ReplaceFileAsync(
        HttpContext http, Actor actor, Guid datasetId, Guid documentId, IFormCollection form, DocumentRequest body,
        DocumentService documents, FileService files)
    {
        var before = await documents.GetAsync(actor, datasetId, documentId, http.RequestAborted);
        var request = body.ToNewDocuments(before.ProcessRule);
        if (form.Files.Count == 0 && (body.Name is not null || body.ProcessRule is not null))
        {
            return await AnswerAsync(http, actor, await ReprocessAsync(actor, before, request, body, documents, http.RequestAborted));
        }

        var file = await http.SaveUploadAsync(actor, form, documentsOnly: true);
        var after = await KeepOrDeleteAsync(
            http, files, file,
            () => documents.ReplaceAsync(actor, datasetId, documentId, request with { FileIds = [file.Id] }, http.RequestAborted));
        return await AnswerAsync(http, actor, after);
    }

    /// <summary>A file that no document came of is not kept.</summary>
    private static async Task<T> KeepOrDeleteAsync<T>(HttpContext http, FileService files, UploadedFile file, Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch (DifyException)
        {
            await files.DeleteAsync(file.WorkspaceId, [file.Id], http.RequestAborted);
            throw;
        }
    }

    private static async Task<ProcessRule?> LatestRuleAsync(HttpContext http, Actor actor, Guid datasetId, DocumentService documents) =>
        (await documents.ListAsync(actor, datasetId, new DocumentFilter(Limit: 1), http.RequestAborted)).Items is [{ } latest]
            ? latest.ProcessRule
            : null;

    private static async Task<IResult> AnswerAsync(HttpContext http, Actor actor, Document document) => Results.Json(
        new { Document = (await ToWireAsync(http, actor, [document]))[0], document.Batch }, JsonDefaults.Wire);
}
